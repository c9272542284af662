package io.gistream.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** How many records of the changelogs are still to be read before work begins. Thread-safe. */
final class RestoreProgress implements StateRestoreListener {
  private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> remaining = new ConcurrentHashMap<>();

  /** Offsets, of which transactions take some: the last of them may be no records. */
  long remaining() {
    return remaining.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void onRestoreStart(TopicPartition changelog, String store, long begin, long end) {
    ends.put(changelog, end);
    remaining.put(changelog, Math.max(0, end - begin));
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long batchEnd, long count) {
    remaining.put(changelog, Math.max(0, ends.getOrDefault(changelog, batchEnd) - batchEnd - 1));
  }

  @Override
  public void onRestoreEnd(TopicPartition changelog, String store, long count) {
    forget(changelog);
  }

  @Override
  public void onRestoreSuspended(TopicPartition changelog, String store, long count) {
    forget(changelog);
  }

  private void forget(TopicPartition changelog) {
    remaining.remove(changelog);
    ends.remove(changelog);
  }
}
