package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.kafka.CommittedRecords;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Watches for committed tombstones on a topic, from now on. */
final class Tombstones {
  private static final long POLL_MS = 200;

  private final CommittedRecords records;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> read;

  Tombstones(CommittedRecords records, String topic) {
    this.records = records;
    this.partitions = records.partitions(topic);
    this.read = new HashMap<>(records.ends(partitions));
  }

  /** Waits for those of these streams; returns the streams that none came of in time. */
  Set<String> await(Set<String> streamIds, Duration atMost) throws InterruptedException {
    Set<String> missing = new HashSet<>(streamIds);
    long until = System.nanoTime() + atMost.toNanos();
    while (!missing.isEmpty() && System.nanoTime() - until < 0) {
      Thread.sleep(POLL_MS);
      Map<TopicPartition, Long> ends = records.ends(partitions);
      ends.forEach(
          (partition, end) -> {
            records.read(
                partition,
                read.getOrDefault(partition, 0L),
                end,
                record -> {
                  if (record.key() != null && record.value() == null) {
                    missing.remove(new String(record.key(), UTF_8));
                  }
                });
            read.put(partition, end);
          });
    }
    return missing;
  }
}
