package io.gistream.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Topics as a reader with {@code isolation.level=read_committed} sees them, from one offset to
 * another, without a consumer group. For one thread.
 */
public final class CommittedRecords implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** A partition without a leader comes back or does not. */
  private static final Duration NO_PROGRESS = Duration.ofSeconds(60);

  /** A transaction is ended by its producer, or by the broker after its timeout. */
  private static final Duration OPEN_TRANSACTIONS = Duration.ofSeconds(75);

  private static final long END_POLL_MS = 50;

  private static final int FETCH_WAIT_MS = 50;

  private final AdminConnection connection;
  private final Map<String, Object> config;

  /** For single records, so that one can be looked up while many are read. */
  private final Consumer<byte[], byte[]> lookup;

  private CommittedRecords(AdminConnection connection, Map<String, Object> config) {
    this.connection = connection;
    this.config = config;
    this.lookup = consumer(config);
  }

  /** As {@link Topics#connect}. */
  public static CommittedRecords connect(Map<String, ?> clientConfig, Duration timeout) {
    AdminConnection connection = AdminConnection.connect(clientConfig, timeout);
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    // a consumer that is closed waits for the fetch that is under way
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
    return new CommittedRecords(connection, config);
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The partitions of a topic, in their order; empty when there is no such topic. */
  public List<TopicPartition> partitions(String topic) {
    try {
      TopicDescription description =
          connection
              .await(connection.admin().describeTopics(List.of(topic)).allTopicNames())
              .get(topic);
      return description == null
          ? List.of()
          : description.partitions().stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
    } catch (UnknownTopicOrPartitionException e) {
      return List.of();
    } catch (KafkaException e) {
      throw connection.failure("describe topic " + topic, e);
    }
  }

  /** Offsets of the first records that are still there. */
  public Map<TopicPartition, Long> beginnings(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED);
  }

  /** Offsets behind the last records that a reader of committed ones can see now. */
  public Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
  }

  /**
   * As {@link #ends}, once all that was written before this call is committed or taken back. A
   * transaction commits in one partition after another; this waits for the last.
   */
  public Map<TopicPartition, Long> settledEnds(List<TopicPartition> partitions) {
    Map<TopicPartition, Long> written =
        offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    long deadline = System.nanoTime() + OPEN_TRANSACTIONS.toNanos();
    while (true) {
      Map<TopicPartition, Long> ends = ends(partitions);
      Optional<TopicPartition> open =
          partitions.stream().filter(it -> at(ends, it) < at(written, it)).findFirst();
      if (open.isEmpty()) {
        return ends;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new ClusterException(
            "a transaction has been open on %s for more than %s; look at it with 'kafka-transactions.sh find-hanging'"
                .formatted(open.get(), BootstrapProbe.seconds(OPEN_TRANSACTIONS)),
            null);
      }
      pause();
    }
  }

  /** The first offsets whose records have a timestamp at or behind the one given; else the end. */
  public Map<TopicPartition, Long> atTime(List<TopicPartition> partitions, long timestamp) {
    Map<TopicPartition, Long> ends = ends(partitions);
    Map<TopicPartition, Long> found =
        offsets(partitions, OffsetSpec.forTimestamp(timestamp), IsolationLevel.READ_COMMITTED);
    found.replaceAll((partition, offset) -> offset < 0 ? at(ends, partition) : offset);
    return found;
  }

  /**
   * Reads a part of a partition.
   *
   * @param from first offset
   * @param to offset behind the last
   */
  public void read(
      TopicPartition partition,
      long from,
      long to,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    if (from < to) {
      try (Consumer<byte[], byte[]> consumer = consumer(config)) {
        read(consumer, partition, from, to, reader);
      }
    }
  }

  private static void read(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long progress = System.nanoTime();
    long position = from;
    while (position < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to) {
          reader.accept(record);
        }
        progress = System.nanoTime(); // what is done with a record may take its time
      }
      long now = consumer.position(partition);
      if (now > position) {
        position = now;
        progress = System.nanoTime();
      } else if (System.nanoTime() - progress > NO_PROGRESS.toNanos()) {
        throw new ClusterException(
            "nothing can be read of %s at offset %d, which should go to %d"
                .formatted(partition, position, to),
            null);
      }
    }
  }

  /** One record; empty when it is not there any more. */
  public Optional<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long offset) {
    Found found = new Found();
    read(lookup, partition, offset, offset + 1, record -> found.record = record);
    return Optional.ofNullable(found.record);
  }

  private static final class Found {
    private @Nullable ConsumerRecord<byte[], byte[]> record;
  }

  private Map<TopicPartition, Long> offsets(
      List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(Function.identity(), it -> which));
    Map<TopicPartition, Long> offsets =
        new TreeMap<>(
            java.util.Comparator.comparing(TopicPartition::topic)
                .thenComparing(TopicPartition::partition));
    connection
        .await(
            connection.admin().listOffsets(asked, new ListOffsetsOptions(isolation)).all(),
            "tell the offsets of " + partitions)
        .forEach((partition, result) -> offsets.put(partition, result.offset()));
    return offsets;
  }

  private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  private static void pause() {
    try {
      Thread.sleep(END_POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for the cluster", e);
    }
  }

  @Override
  public void close() {
    try {
      lookup.close();
    } finally {
      connection.close();
    }
  }
}
