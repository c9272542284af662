package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import io.gistream.stream.StreamOptions.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One thread has many partitions that are all behind, and a model that takes its time: were each of
 * them to use up the budget in turn, the thread would be thrown out of the group.
 */
@Timeout(180)
class SlowModelIT {
  private static final int PARTITIONS = 12;
  private static final int CHUNKS = 15;

  /** As long as a batch takes. */
  private static final long READING_MILLIS = 100;

  private static final String MAX_POLL_MILLIS = "10000";

  @TempDir private Path directory;

  private static SegmentReader slow(SegmentReader reader) {
    return reads -> {
      try {
        Thread.sleep(READING_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return reader.read(reads);
    };
  }

  @Test
  void aThreadWithManyPartitionsStaysInItsGroup() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        SummaryModel model = Talks.tinyModel()) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      try (Topics topics = Topics.connect(client, Duration.ofSeconds(15))) {
        topics.create(
            new TopicLayout(
                    "chunks",
                    "summaries",
                    "dead-letters",
                    PARTITIONS,
                    1,
                    Duration.ofDays(1),
                    1 << 20)
                .topics());
      }
      fill(client);
      StreamOptions options =
          new StreamOptions(
              "slow",
              broker.bootstrapServers(),
              new TopicNames("chunks", "summaries", "dead-letters"),
              1,
              0,
              1,
              directory,
              Map.of(
                  "max.poll.interval.ms",
                  MAX_POLL_MILLIS,
                  StreamsConfig.producerPrefix("transaction.timeout.ms"),
                  MAX_POLL_MILLIS));
      BatchOptions batching =
          // all chunks have come before the first of them is read
          new BatchOptions(4, Duration.ofSeconds(1), Duration.ofSeconds(2), 1 << 20);
      AtomicInteger assignments = new AtomicInteger();
      try (KafkaStreams streams =
              new KafkaStreams(
                  GistreamTopology.build(
                      options.topics(),
                      RollingSummarizerSupplier.of(model)
                          .withOptions(SummaryOptions.defaults())
                          .withBatching(batching)
                          .withReading(SlowModelIT::slow)),
                  new StreamsConfig(GistreamStreams.config(options, OutputLimits.none())));
          CommittedRecords records = CommittedRecords.connect(client, Duration.ofSeconds(15))) {
        streams.setStateListener(
            (now, before) -> {
              if (now == KafkaStreams.State.RUNNING) {
                assignments.incrementAndGet();
              }
            });
        streams.start();
        while (written(records) < PARTITIONS * CHUNKS) {
          Thread.sleep(500); // the class has a timeout
        }
        assertThat(written(records)).isEqualTo(PARTITIONS * CHUNKS);
      }
      assertThat(assignments).as("times that partitions were assigned").hasValue(1);
    }
  }

  /** As much for one partition as the budget is, and more. */
  private static void fill(Map<String, Object> client) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        for (int i = 0; i < CHUNKS; i++) {
          String stream = "p" + partition;
          producer.send(
              new ProducerRecord<>(
                  "chunks",
                  partition,
                  System.currentTimeMillis() - 60_000,
                  stream.getBytes(UTF_8),
                  AvroCodec.chunk()
                      .encode(Talks.chunk(stream, i, "We ship the new release on Friday."))));
        }
      }
    }
  }

  private static int written(CommittedRecords records) {
    AtomicInteger count = new AtomicInteger();
    records
        .ends(records.partitions("summaries"))
        .forEach(
            (partition, end) -> records.read(partition, 0, end, record -> count.incrementAndGet()));
    return count.get();
  }
}
