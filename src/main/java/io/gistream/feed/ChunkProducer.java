package io.gistream.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.ValueFormat;
import io.gistream.session.ChunkRules;
import io.gistream.stream.LiveStreams.NotReadyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts chunks, and requests for erasure, on the chunks topic by Kafka's own partitioner. Connects
 * at the first one. Thread-safe.
 */
public final class ChunkProducer implements ChunkSink, AutoCloseable {
  /** Somebody waits for the answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Topics take 1 MiB unless told otherwise, with the record's key and headers. */
  private static final int MAX_CHUNK_BYTES = 1_000_000;

  private final Map<String, Object> config;
  private final String topic;
  private final int maxCharacters;
  private final ChunkRules rules;
  private final ValueFormat<TranscriptChunk> format;
  private @Nullable Producer<byte[], byte[]> producer;

  /**
   * @param clientConfig Kafka client configuration, {@code bootstrap.servers} among it
   * @param maxCharacters of a chunk's text
   */
  public ChunkProducer(
      Map<String, Object> clientConfig,
      ValueFormat<TranscriptChunk> format,
      String topic,
      int maxCharacters) {
    this.format = format;
    config = new HashMap<>(clientConfig);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 2);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    this.topic = topic;
    this.maxCharacters = maxCharacters;
    this.rules = new ChunkRules(maxCharacters);
  }

  @Override
  public void check(TranscriptChunk chunk) {
    if (chunk.getText().length() > maxCharacters) {
      throw new TooLargeException(rules.unreadable(chunk).orElse("the text is too long"));
    }
    int bytes = format.encode(chunk).length;
    if (bytes > MAX_CHUNK_BYTES) {
      throw new TooLargeException(
          "the chunk has %d bytes, limit %d; are its attributes that large?"
              .formatted(bytes, MAX_CHUNK_BYTES));
    }
    rules
        .misaddressed(chunk.getStreamId(), chunk)
        .or(() -> rules.unreadable(chunk))
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
  }

  @Override
  public List<Placed> put(List<TimedChunk> chunks) {
    chunks.forEach(it -> check(it.chunk()));
    String streamId = chunks.get(0).chunk().getStreamId();
    String what = "%d chunks of stream '%s'".formatted(chunks.size(), streamId);
    List<Future<RecordMetadata>> sent = new ArrayList<>(chunks.size());
    try {
      for (TimedChunk it : chunks) {
        sent.add(producer().send(record(it)));
      }
    } catch (KafkaException e) {
      throw refused(what, e);
    }
    List<Placed> placed = new ArrayList<>(chunks.size());
    for (int i = 0; i < sent.size(); i++) {
      RecordMetadata metadata = await(sent.get(i), what);
      placed.add(
          new Placed(chunks.get(i).chunk().getSequence(), metadata.partition(), metadata.offset()));
    }
    return placed;
  }

  private ProducerRecord<byte[], byte[]> record(TimedChunk it) {
    return new ProducerRecord<>(
        topic,
        null,
        it.timestamp(),
        it.chunk().getStreamId().getBytes(UTF_8),
        format.encode(it.chunk()));
  }

  @Override
  @SuppressWarnings("NullAway") // no value: that is the request
  public void erase(String streamId) {
    ChunkRules.notAnId(streamId)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException("no stream has this id: " + why);
            });
    String what = "the request to erase stream '%s'".formatted(streamId);
    try {
      await(producer().send(new ProducerRecord<>(topic, streamId.getBytes(UTF_8), null)), what);
    } catch (KafkaException e) {
      throw refused(what, e);
    }
  }

  private RecordMetadata await(Future<RecordMetadata> sent, String what) {
    try {
      return sent.get();
    } catch (ExecutionException e) {
      throw refused(what, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(what, e);
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

  private NotReadyException refused(String what, Throwable why) {
    return new NotReadyException(
        "Kafka did not take %s on topic %s: %s".formatted(what, topic, why.getMessage()), why);
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(PATIENCE);
    }
  }
}
