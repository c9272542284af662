package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.api.StreamEraser;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.session.ChunkRules;
import io.gistream.stream.LiveStreams.NotReadyException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests for erasure on the chunks topic: the stream id as key, no value. Connects at the
 * first one. Thread-safe.
 */
final class Erasures implements StreamEraser, AutoCloseable {
  /** Somebody waits for the answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Map<String, Object> config;
  private final String topic;
  private @Nullable Producer<byte[], byte[]> producer;

  Erasures(Settings settings) {
    config = new HashMap<>(Cluster.clientConfig(settings));
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    topic = settings.get(GistreamOptions.TOPICS_CHUNKS);
  }

  @Override
  @SuppressWarnings("NullAway") // no value: that is the request
  public void erase(String streamId) {
    ChunkRules.notAnId(streamId)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException("no stream has this id: " + why);
            });
    try {
      producer().send(new ProducerRecord<>(topic, streamId.getBytes(UTF_8), null)).get();
    } catch (ExecutionException e) {
      throw refused(streamId, e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw refused(streamId, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(streamId, e);
    }
  }

  private synchronized Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> existing = producer;
    if (existing == null) {
      existing = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
      producer = existing;
    }
    return existing;
  }

  private NotReadyException refused(String streamId, Throwable why) {
    return new NotReadyException(
        "Kafka did not take the request to erase stream '%s' on topic %s: %s"
            .formatted(streamId, topic, why.getMessage()),
        why);
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(PATIENCE);
    }
  }
}
