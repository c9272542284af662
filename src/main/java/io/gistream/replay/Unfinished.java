package io.gistream.replay;

import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.stream.InternalTopics;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Which chunks an application has not summarised yet: those behind its committed offsets, and those
 * that queue in its inbox. They are no losses.
 *
 * @param offsets from which the application goes on, by partition of the chunks topic; empty when
 *     nobody knows it, and then nothing is unfinished
 * @param queued chunks in its inbox, by partition and offset
 */
record Unfinished(Map<TopicPartition, Long> offsets, Set<Queued> queued) {

  /** A chunk in the inbox. */
  record Queued(int partition, long offset) {}

  static Unfinished of(
      String applicationId, String chunks, ConsumerGroups groups, CommittedRecords records) {
    Map<TopicPartition, Long> offsets = new HashMap<>(groups.committed(applicationId));
    offsets.keySet().removeIf(partition -> !partition.topic().equals(chunks));
    List<TopicPartition> changelog = records.partitions(InternalTopics.inbox(applicationId));
    Map<TopicPartition, Long> beginnings = records.beginnings(changelog);
    Map<TopicPartition, Long> ends = records.ends(changelog);
    Set<Queued> queued = new HashSet<>();
    for (TopicPartition partition : changelog) {
      Map<ByteBuffer, byte[]> inbox = new HashMap<>();
      records.read(
          partition,
          beginnings.getOrDefault(partition, 0L),
          ends.getOrDefault(partition, 0L),
          record -> {
            ByteBuffer key = ByteBuffer.wrap(record.key());
            if (record.value() == null) {
              inbox.remove(key);
            } else {
              inbox.put(key, record.value());
            }
          });
      inbox.forEach(
          (key, value) ->
              InternalTopics.queued(key.array(), value)
                  .ifPresent(it -> queued.add(new Queued(it.getPartition(), it.getOffset()))));
    }
    return new Unfinished(offsets, queued);
  }

  /** Whether the application was never seen. */
  boolean isUnknown() {
    return offsets.isEmpty();
  }

  boolean includes(TopicPartition partition, long offset) {
    return !isUnknown()
        && (offset >= offsets.getOrDefault(partition, 0L)
            || queued.contains(new Queued(partition.partition(), offset)));
  }
}
