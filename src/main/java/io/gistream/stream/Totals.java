package io.gistream.stream;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all tasks of an instance have done since it started, tasks that moved away included; what
 * each does is among Kafka Streams' own metrics. Thread-safe.
 */
public final class Totals {
  /** Something that is counted. */
  public enum Count {
    CHUNKS("chunks", "Chunks taken from the topic that belong to a stream"),
    SUMMARIES("summaries", "Summaries sent"),
    SEGMENTS("segments", "Segments that the model has read"),
    BATCHES("batches", "Runs of the model; segments by batches is the mean size of a batch"),
    DUPLICATES("duplicates", "Chunks that were read before"),
    DROPPED("dropped", "Chunks dropped for any reason, duplicates included"),
    CORRECTIONS("corrections", "Chunks that took the place of one that was read"),
    GAPS("gaps", "Gaps that were given up"),
    DEAD_LETTERS("dead.letters", "Records sent to the dead letters topic"),
    ERASURES("erasures", "Streams erased on request"),
    REPLACED_SENTENCES(
        "replaced.sentences", "Written sentences replaced because nothing said supports them"),
    REMOVED_SENTENCES(
        "removed.sentences", "Written sentences removed because nothing said supports them");

    private final String label;
    private final String description;

    Count(String label, String description) {
      this.label = label;
      this.description = description;
    }

    /** As a metric is named, parts by dots. */
    public String label() {
      return label;
    }

    public String description() {
      return description;
    }
  }

  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
  private final LongAdder summaryDelayMillis = new LongAdder();
  private final Map<Object, Long> oldestQueued = new ConcurrentHashMap<>();

  public Totals() {
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
  }

  public long get(Count count) {
    return adder(count).sum();
  }

  /** Time from the timestamps of chunks to the summaries they brought, all of them together. */
  public long summaryDelayMillis() {
    return summaryDelayMillis.sum();
  }

  /**
   * Timestamp of the oldest chunk that was taken from the topic and is not summarised yet,
   * milliseconds since the epoch; empty when there is none.
   */
  public OptionalLong oldestQueued() {
    return oldestQueued.values().stream().mapToLong(Long::longValue).min();
  }

  void add(Count count, long more) {
    adder(count).add(more);
  }

  void summaryDelay(long millis) {
    summaryDelayMillis.add(Math.max(0, millis));
  }

  void oldestQueued(Object task, OptionalLong timestamp) {
    if (timestamp.isPresent()) {
      oldestQueued.put(task, timestamp.getAsLong());
    } else {
      oldestQueued.remove(task);
    }
  }

  private LongAdder adder(Count count) {
    LongAdder adder = counts.get(count);
    if (adder == null) {
      throw new IllegalStateException("every count has its adder");
    }
    return adder;
  }
}
