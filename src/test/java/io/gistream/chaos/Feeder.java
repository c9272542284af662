package io.gistream.chaos;

import io.gistream.chaos.Message.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Feeds the traffic to the chunks topic, one message after the other, each acknowledged by all
 * replicas in sync before the next is sent.
 */
final class Feeder implements AutoCloseable {
  private static final long MOST_BACKLOG = 600;

  private final Traffic traffic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final double perSecond;
  private final LongSupplier backlog;
  private final Thread thread = new Thread(this::run, "feeder");
  private final Deque<Message> next = new ArrayDeque<>();
  private final Map<Kind, Integer> sent = new EnumMap<>(Kind.class);

  /** By partition and offset: what must be among the dead letters. */
  private final Map<Integer, Map<Long, Message>> poison = new TreeMap<>();

  /** Of each partition: the offset behind the last record acknowledged. */
  private final AtomicLongArray ends = new AtomicLongArray(ChaosOptions.PARTITIONS);

  private volatile boolean stopping;
  private volatile Exception failure;

  /**
   * @param backlog how many records are fed and not yet committed as processed
   */
  Feeder(String bootstrapServers, Traffic traffic, double perSecond, LongSupplier backlog) {
    this.traffic = traffic;
    this.perSecond = perSecond;
    this.backlog = backlog;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 0,
                "request.timeout.ms", 8_000,
                "delivery.timeout.ms", 600_000,
                "max.block.ms", 600_000,
                "metadata.max.age.ms", 10_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Puts messages before those of the traffic. */
  void interject(int poisonCount) {
    synchronized (next) {
      next.addAll(traffic.poison(poisonCount));
    }
  }

  /** Sends no more; returns when the last message is acknowledged. */
  void stop() throws Exception {
    stopping = true;
    thread.join();
    if (failure != null) {
      throw new IllegalStateException("the feeder failed", failure);
    }
  }

  /** Sends, after {@link #stop()}, what makes every stream fall silent. */
  void close(Duration later) throws Exception {
    for (Message message : traffic.closing(later)) {
      send(message);
    }
  }

  /** Erases streams, after {@link #stop()}; returns their ids. */
  Set<String> erase(int count) throws Exception {
    Map<String, Message> erasures = traffic.erasures(count);
    for (Message message : erasures.values()) {
      send(message);
    }
    return erasures.keySet();
  }

  /** Of each partition: the offset behind the last record fed. */
  long[] ends() {
    long[] all = new long[ends.length()];
    for (int i = 0; i < all.length; i++) {
      all[i] = ends.get(i);
    }
    return all;
  }

  long count() {
    return Arrays.stream(ends()).sum();
  }

  Map<Kind, Integer> sent() {
    return sent;
  }

  Map<Integer, Map<Long, Message>> poison() {
    return poison;
  }

  Exception failure() {
    return failure;
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    producer.close(Duration.ZERO);
  }

  private void run() {
    long interval = Math.round(1e9 / perSecond);
    long due = System.nanoTime();
    try {
      while (!stopping) {
        send(message());
        due += interval;
        long early = due - System.nanoTime();
        if (early < -1_000_000_000L) {
          due = System.nanoTime() - 1_000_000_000L; // what was held up is not made up for at once
        } else if (early > 0) {
          Thread.sleep(early / 1_000_000, (int) (early % 1_000_000));
        }
        while (!stopping && backlog.getAsLong() > MOST_BACKLOG) {
          Thread.sleep(100);
        }
      }
    } catch (Exception e) {
      if (!stopping) {
        failure = e;
      }
    }
  }

  private Message message() {
    synchronized (next) {
      return next.isEmpty() ? traffic.next() : next.remove();
    }
  }

  private void send(Message message) throws Exception {
    RecordMetadata metadata =
        producer
            .send(
                new ProducerRecord<>(
                    ProcessorFleet.CHUNKS,
                    message.partition(),
                    message.timestamp(),
                    message.key(),
                    message.value()))
            .get();
    sent.merge(message.kind(), 1, Integer::sum);
    if (message.kind().poison) {
      poison
          .computeIfAbsent(metadata.partition(), p -> new TreeMap<>())
          .put(metadata.offset(), message);
    }
    ends.set(metadata.partition(), metadata.offset() + 1);
  }
}
