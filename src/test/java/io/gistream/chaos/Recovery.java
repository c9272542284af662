package io.gistream.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a fault is felt: from the moment it strikes until the offsets of all that was on the
 * chunks topic at that moment are committed.
 */
final class Recovery {
  private final Admin admin;
  private final Feeder feeder;
  private final List<Pending> pending = new ArrayList<>();
  private final List<Duration> times = new ArrayList<>();
  private volatile long[] committed = new long[ChaosOptions.PARTITIONS];

  private record Pending(Fault fault, long[] ends, long since) {}

  Recovery(Admin admin, Feeder feeder) {
    this.admin = admin;
    this.feeder = feeder;
  }

  synchronized void begin(Fault fault) {
    pending.add(new Pending(fault, feeder.ends(), System.nanoTime()));
  }

  /** Asks how far the processors are. To be called every now and then. */
  void look() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        admin.listConsumerGroupOffsets(ProcessorFleet.GROUP).partitionsToOffsetAndMetadata().get();
    long[] now = new long[ChaosOptions.PARTITIONS];
    offsets.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(ProcessorFleet.CHUNKS) && offset != null) {
            now[partition.partition()] = offset.offset();
          }
        });
    committed = now;
    settle(now);
  }

  private synchronized void settle(long[] now) {
    for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
      Pending one = all.next();
      if (reaches(now, one.ends())) {
        times.add(Duration.ofNanos(System.nanoTime() - one.since()));
        all.remove();
      }
    }
  }

  /** Records that were fed and are not committed as processed. */
  long backlog() {
    long[] ends = feeder.ends();
    long[] now = committed;
    long backlog = 0;
    for (int i = 0; i < ends.length; i++) {
      backlog += Math.max(0, ends[i] - now[i]);
    }
    return backlog;
  }

  /** Whether everything that was fed is committed as processed, and no more than that. */
  boolean done() throws Exception {
    look();
    long[] ends = feeder.ends();
    long[] now = committed;
    for (int i = 0; i < ends.length; i++) {
      if (ends[i] != now[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean reaches(long[] now, long[] ends) {
    for (int i = 0; i < ends.length; i++) {
      if (now[i] < ends[i]) {
        return false;
      }
    }
    return true;
  }

  /** How many faults are still felt. */
  synchronized int pending() {
    return pending.size();
  }

  /** For how long the oldest fault that is not over has been felt. */
  synchronized Duration longestPending() {
    return pending.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - pending.get(0).since());
  }

  /** Of all faults that are over, the shortest first. */
  synchronized List<Duration> times() {
    List<Duration> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted;
  }
}
