package io.gistream.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is committed on the topics into a {@link Feed}, on a thread of its own: chunks and
 * summaries of the partitions that this instance has, and all dead letters. Follows the partitions
 * when they move. Begins a little before the end, so that after a restart there is something to
 * see.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);

  /** Offsets of each partition that are read at first. */
  static final long BACKLOG = 2_000;

  private static final Duration POLL = Duration.ofMillis(50);
  private static final long LOOK_FOR_PARTITIONS_NANOS = Duration.ofMillis(500).toNanos();
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final long PAUSE_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 10_000;

  private final Map<String, Object> config;
  private final FeedTopics topics;
  private final Feed feed;
  private final Supplier<Set<Integer>> partitions;
  private final FeedDecoder decoder;
  private final Thread thread;
  private final Map<TopicPartition, Long> liveFrom = new HashMap<>();
  private volatile boolean closed;
  private volatile @Nullable Consumer<byte[], byte[]> reading;

  private TopicFollower(
      Map<String, Object> clientConfig,
      FeedTopics topics,
      Feed feed,
      Supplier<Set<Integer>> partitions) {
    this.config = clientConfig;
    this.topics = topics;
    this.feed = feed;
    this.partitions = partitions;
    this.decoder = new FeedDecoder(topics);
    this.thread = new Thread(this::run, "feed");
    thread.setDaemon(true);
  }

  /**
   * Begins to follow.
   *
   * @param clientConfig Kafka client configuration, {@code bootstrap.servers} among it
   * @param partitions of the chunks topic that this instance has at the moment
   */
  public static TopicFollower start(
      Map<String, Object> clientConfig,
      FeedTopics topics,
      Feed feed,
      Supplier<Set<Integer>> partitions) {
    TopicFollower follower = new TopicFollower(clientConfig, topics, feed, partitions);
    follower.thread.start();
    return follower;
  }

  private void run() {
    while (!closed) {
      try (Consumer<byte[], byte[]> consumer = Consumers.create(config)) {
        reading = consumer;
        follow(consumer);
      } catch (WakeupException | InterruptException e) {
        return; // closed
      } catch (RuntimeException e) {
        LOG.warn("Following the topics failed and is tried again: {}", e.getMessage(), e);
        pause();
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    int chunkPartitions = consumer.partitionsFor(topics.chunks()).size();
    int summaryPartitions = consumer.partitionsFor(topics.summaries()).size();
    feed.topics(chunkPartitions, summaryPartitions);
    List<TopicPartition> deadLetters =
        consumer.partitionsFor(topics.deadLetters()).stream()
            .map(it -> new TopicPartition(topics.deadLetters(), it.partition()))
            .toList();
    long lookAt = System.nanoTime();
    long beatAt = System.nanoTime() + HEARTBEAT.toNanos();
    Set<TopicPartition> followed = new HashSet<>();
    while (!closed) {
      if (System.nanoTime() - lookAt >= 0) {
        lookAt = System.nanoTime() + LOOK_FOR_PARTITIONS_NANOS;
        Set<TopicPartition> wanted =
            wanted(chunkPartitions == summaryPartitions, summaryPartitions);
        wanted.addAll(deadLetters);
        if (!wanted.equals(followed)) {
          assign(consumer, wanted, followed);
          followed = wanted;
        }
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        accept(record);
      }
      for (TopicPartition partition : followed) {
        if (!partition.topic().equals(topics.deadLetters())) {
          feed.moveTo(isOfChunks(partition), partition.partition(), consumer.position(partition));
        }
      }
      if (System.nanoTime() - beatAt >= 0) {
        beatAt = System.nanoTime() + HEARTBEAT.toNanos();
        feed.heartbeat();
      }
    }
  }

  private boolean isOfChunks(TopicPartition partition) {
    return partition.topic().equals(topics.chunks());
  }

  /** With as many partitions in both topics, a stream is in the same one in both. */
  private Set<TopicPartition> wanted(boolean alike, int summaryPartitions) {
    Set<Integer> owned = partitions.get();
    Set<TopicPartition> wanted = new HashSet<>();
    owned.forEach(it -> wanted.add(new TopicPartition(topics.chunks(), it)));
    (alike ? owned.stream() : IntStream.range(0, summaryPartitions).boxed())
        .forEach(it -> wanted.add(new TopicPartition(topics.summaries(), it)));
    return wanted;
  }

  /** Takes up what is new, from a little before its end or from where it was left. */
  private void assign(
      Consumer<byte[], byte[]> consumer, Set<TopicPartition> wanted, Set<TopicPartition> followed) {
    Set<TopicPartition> gone = new HashSet<>(followed);
    gone.removeAll(wanted);
    for (TopicPartition partition : gone) {
      liveFrom.remove(partition);
      if (!partition.topic().equals(topics.deadLetters())) {
        feed.end(isOfChunks(partition), partition.partition());
      }
    }
    List<TopicPartition> more = new ArrayList<>(wanted);
    more.removeAll(followed);
    consumer.assign(wanted);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(more);
    Map<TopicPartition, Long> ends = consumer.endOffsets(more);
    for (TopicPartition partition : more) {
      long beginning = beginnings.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, 0L);
      boolean known = liveFrom.containsKey(partition); // after a failure
      if (partition.topic().equals(topics.deadLetters())) {
        consumer.seek(partition, known ? end : Math.max(beginning, end - BACKLOG));
      } else if (known) {
        consumer.seek(
            partition,
            Math.max(beginning, feed.position(isOfChunks(partition), partition.partition())));
      } else {
        long from = Math.max(beginning, end - BACKLOG);
        feed.begin(isOfChunks(partition), partition.partition(), beginning, from, end);
        consumer.seek(partition, from);
      }
      liveFrom.putIfAbsent(partition, end);
    }
    LOG.debug(
        "Following {}",
        wanted.stream().map(TopicPartition::toString).sorted().collect(Collectors.joining(", ")));
  }

  private void accept(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    boolean live = record.offset() >= liveFrom.getOrDefault(partition, 0L);
    if (record.topic().equals(topics.deadLetters())) {
      feed.add(decoder.deadLetter(record), live);
      return;
    }
    int size = record.value() == null ? 0 : record.value().length;
    (isOfChunks(partition) ? decoder.chunk(record) : decoder.summary(record))
        .ifPresent(it -> feed.add(it, size, live));
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  /** Stops reading and waits until the thread has ended. */
  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
