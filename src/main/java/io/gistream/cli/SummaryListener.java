package io.gistream.cli;

import io.gistream.avro.RollingSummary;
import io.gistream.serde.ValueFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed summaries from the beginning of the topic. */
final class SummaryListener implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final ValueFormat<RollingSummary> format;

  SummaryListener(
      Map<String, Object> clientConfig, ValueFormat<RollingSummary> format, String topic) {
    this.format = format;
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * Tells of each summary of a stream until its final one, which it returns; empty when it takes
   * longer than allowed.
   */
  Optional<RollingSummary> listen(
      String streamId, Duration atMost, java.util.function.Consumer<RollingSummary> listener) {
    long until = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() - until < 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.value() == null) {
          continue; // a stream was erased
        }
        RollingSummary summary = format.decode(record.value());
        if (summary.getStreamId().equals(streamId)) {
          listener.accept(summary);
          if (summary.getFinal$()) {
            return Optional.of(summary);
          }
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
