package io.gistream.cli;

import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.ValueFormat;
import io.gistream.transcript.TalkSchedule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Puts a recorded talk on the chunks topic, at a multiple of the pace it was spoken at. */
final class TranscriptPlayer implements AutoCloseable {
  private final Producer<String, byte[]> producer;
  private final String topic;
  private final double speed;
  private final ValueFormat<TranscriptChunk> format;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /**
   * @param speed times the pace of the talk; 0 for as fast as Kafka takes it
   */
  TranscriptPlayer(
      Map<String, Object> clientConfig,
      ValueFormat<TranscriptChunk> format,
      String topic,
      double speed) {
    this.format = format;
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    this.topic = topic;
    this.speed = speed;
  }

  /**
   * Plays the talk to its end. Record timestamps run at the pace of the talk whatever the speed, so
   * that what is decided by event time does not depend on it, and end now, because brokers refuse
   * what is too far in the future.
   *
   * @param sent hears of each chunk as it goes out
   */
  void play(List<TranscriptChunk> talk, Consumer<TranscriptChunk> sent)
      throws InterruptedException {
    TalkSchedule schedule = TalkSchedule.of(talk);
    long length = schedule.lengthMillis();
    long takes = speed > 0 ? Math.round(length / speed) : 0;
    long began = System.currentTimeMillis() + Math.min(0, takes - length);
    long started = System.nanoTime();
    for (int i = 0; i < talk.size(); i++) {
      TranscriptChunk chunk = talk.get(i);
      long at = schedule.at(i);
      if (speed > 0) {
        long due = started + Math.round(at * 1e6 / speed);
        Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      }
      producer.send(
          new ProducerRecord<>(topic, null, began + at, chunk.getStreamId(), format.encode(chunk)),
          (metadata, failed) -> {
            if (failed != null) {
              failure.compareAndSet(null, failed);
            }
          });
      sent.accept(chunk);
      if (speed > 0) {
        producer.flush();
      }
      failIfRefused();
    }
    producer.flush();
    failIfRefused();
  }

  private void failIfRefused() {
    Exception failed = failure.get();
    if (failed != null) {
      throw new CommandFailure("Kafka did not take the transcript: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
