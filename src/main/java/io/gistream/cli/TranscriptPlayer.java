package io.gistream.cli;

import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import io.gistream.transcript.TalkClock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Puts a recorded talk on the chunks topic, at a multiple of the pace it was spoken at. */
final class TranscriptPlayer implements AutoCloseable {
  private final Producer<String, byte[]> producer;
  private final String topic;
  private final double speed;
  private final AvroCodec<TranscriptChunk> codec = AvroCodec.chunk();

  /**
   * @param speed times the pace of the talk; 0 for as fast as Kafka takes it
   */
  TranscriptPlayer(Map<String, Object> clientConfig, String topic, double speed) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    this.topic = topic;
    this.speed = speed;
  }

  /**
   * Plays the talk to its end. Record timestamps run at the pace of the talk from the time given,
   * whatever the speed, so that what is decided by event time does not depend on it.
   *
   * @param sent hears of each chunk as it goes out
   */
  void play(List<TranscriptChunk> talk, long beginMillis, Consumer<TranscriptChunk> sent)
      throws InterruptedException {
    TalkClock clock = new TalkClock();
    long started = System.nanoTime();
    @Nullable Future<RecordMetadata> last = null;
    for (TranscriptChunk chunk : talk) {
      long at = clock.next(chunk);
      if (speed > 0) {
        long due = started + Math.round(at * 1e6 / speed);
        Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      }
      last =
          producer.send(
              new ProducerRecord<>(
                  topic, null, beginMillis + at, chunk.getStreamId(), codec.encode(chunk)));
      sent.accept(chunk);
      if (speed > 0) {
        producer.flush();
      }
    }
    acknowledged(last);
  }

  private void acknowledged(@Nullable Future<RecordMetadata> last) throws InterruptedException {
    producer.flush();
    try {
      if (last != null) {
        last.get();
      }
    } catch (ExecutionException e) {
      throw new CommandFailure("Kafka did not take the transcript: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
