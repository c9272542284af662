package io.gistream.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.stream.LiveStreams.NotReadyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads the topics with a consumer of its own for each time. */
public final class KafkaReplay implements Replay {
  /** Offsets of a partition that are read for somebody who was away; more is given up. */
  static final long MAX_OFFSETS = 100_000;

  /** Records that are kept for him until he takes them. */
  private static final int MAX_RECORDS = 5_000;

  /** Many may come back at once, after a restart. */
  private static final int MAX_AT_ONCE = 2;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Map<String, Object> config;
  private final FeedTopics topics;
  private final FeedDecoder decoder;
  private final Semaphore turn = new Semaphore(MAX_AT_ONCE, true);

  /**
   * @param clientConfig Kafka client configuration, {@code bootstrap.servers} among it
   */
  public KafkaReplay(Map<String, Object> clientConfig, FeedTopics topics) {
    this.config = clientConfig;
    this.topics = topics;
    this.decoder = new FeedDecoder(topics);
  }

  @Override
  public Replayed read(String streamId, Cursor from, Cursor to) {
    if (to.chunks().offset() - from.chunks().offset() > MAX_OFFSETS
        || to.summaries().offset() - from.summaries().offset() > MAX_OFFSETS) {
      return Replayed.lost("too much has happened since");
    }
    turn.acquireUninterruptibly();
    try (Consumer<byte[], byte[]> consumer = Consumers.create(config)) {
      Reader reader = new Reader(consumer, streamId);
      Optional<List<FeedRecord>> chunks =
          reader.read(topics.chunks(), from.chunks(), to.chunks(), decoder::chunk);
      // compacted: what is gone was replaced by what is there
      Optional<List<FeedRecord>> summaries =
          reader.read(topics.summaries(), from.summaries(), to.summaries(), decoder::summary);
      if (chunks.isEmpty() || summaries.isEmpty()) {
        return Replayed.lost("more than %d events were missed".formatted(MAX_RECORDS));
      }
      if (reader.expired()) {
        return Replayed.lost("some of the chunks since are no longer on the topic");
      }
      return new Replayed(
          chunks.get().stream().map(FeedRecord.Chunk.class::cast).toList(),
          summaries.get(),
          Optional.empty());
    } catch (KafkaException e) {
      throw new NotReadyException("Kafka did not give what was missed: " + e.getMessage(), e);
    } finally {
      turn.release();
    }
  }

  private static final class Reader {
    private final Consumer<byte[], byte[]> consumer;
    private final byte[] key;
    private boolean expired;

    Reader(Consumer<byte[], byte[]> consumer, String streamId) {
      this.consumer = consumer;
      this.key = streamId.getBytes(UTF_8);
    }

    /** Whether the topics had records deleted that were asked for. */
    boolean expired() {
      return expired;
    }

    /** Empty when there is too much. */
    Optional<List<FeedRecord>> read(
        String topic,
        Position from,
        Position to,
        Function<ConsumerRecord<byte[], byte[]>, Optional<FeedRecord>> decode) {
      List<FeedRecord> records = new ArrayList<>();
      if (from.offset() >= to.offset()) {
        return Optional.of(records);
      }
      TopicPartition partition = new TopicPartition(topic, from.partition());
      consumer.assign(List.of(partition));
      long beginning = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
      expired |= beginning > from.offset();
      consumer.seek(partition, Math.max(beginning, from.offset()));
      long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition) < to.offset()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < to.offset() && Arrays.equals(record.key(), key)) {
            decode.apply(record).ifPresent(records::add);
          }
        }
        if (records.size() > MAX_RECORDS) {
          return Optional.empty();
        }
        if (System.nanoTime() - giveUpAt > 0) {
          throw new KafkaException("it took longer than " + PATIENCE.toSeconds() + " s");
        }
      }
      return Optional.of(records);
    }
  }
}
