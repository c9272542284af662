package io.gistream.feed;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last records of the streams heard last, within a number of bytes. Knows of each stream from
 * which place on it misses nothing. Not thread-safe.
 */
final class RecentLog {
  /** What a record takes beside its bytes on the topic, which become about twice as many. */
  private static final int OVERHEAD = 512;

  private final long maxBytes;
  private final Map<String, StreamLog> leastRecentFirst = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Integer, Partition> chunks = new HashMap<>();
  private final Map<Integer, Partition> summaries = new HashMap<>();
  private long bytes;

  RecentLog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Where the log of a partition starts, and what became of it. */
  private static final class Partition {
    private final long beginning;
    private final long end;
    private long completeFrom;
    private long position;

    /**
     * @param beginning of the topic, when it was begun to be followed
     * @param from first offset that was followed
     * @param end of the topic, then
     */
    Partition(long beginning, long from, long end) {
      this.beginning = beginning;
      this.end = end;
      this.completeFrom = from;
      this.position = from;
    }
  }

  private Map<Integer, Partition> partitions(boolean ofChunks) {
    return ofChunks ? chunks : summaries;
  }

  void begin(boolean ofChunks, int partition, long beginning, long from, long end) {
    partitions(ofChunks).put(partition, new Partition(beginning, from, end));
  }

  /** Forgets a partition and the streams in it. */
  void end(boolean ofChunks, int partition) {
    partitions(ofChunks).remove(partition);
    for (Iterator<StreamLog> logs = leastRecentFirst.values().iterator(); logs.hasNext(); ) {
      StreamLog log = logs.next();
      Position from = ofChunks ? log.chunksFrom() : log.summariesFrom();
      if (from.partition() == partition) {
        bytes -= log.bytes();
        logs.remove();
      }
    }
  }

  /** Whether a partition is followed, and all was read that was there when that began. */
  boolean isUpToDate(boolean ofChunks, int partition) {
    Partition followed = partitions(ofChunks).get(partition);
    return followed != null && followed.position >= followed.end;
  }

  /** The next offset of a partition that was not seen; 0 when it is not followed. */
  long position(boolean ofChunks, int partition) {
    Partition followed = partitions(ofChunks).get(partition);
    return followed == null ? 0 : followed.position;
  }

  void moveTo(boolean ofChunks, int partition, long position) {
    Partition followed = partitions(ofChunks).get(partition);
    if (followed != null) {
      followed.position = Math.max(followed.position, position);
    }
  }

  /**
   * @param home where the stream's records are by Kafka's partitioner
   * @param size of the record's value on the topic
   */
  void add(FeedRecord record, Cursor home, int size) {
    boolean ofChunks = record instanceof FeedRecord.Chunk;
    moveTo(ofChunks, record.position().partition(), record.position().offset() + 1);
    StreamLog log = leastRecentFirst.get(record.streamId());
    if (log == null) {
      log = new StreamLog(from(true, home.chunks()), from(false, home.summaries()));
      leastRecentFirst.put(record.streamId(), log);
    }
    bytes -= log.bytes();
    log.add(record, 2 * size + OVERHEAD);
    bytes += log.bytes();
    evict();
  }

  private Position from(boolean ofChunks, Position home) {
    Partition followed = partitions(ofChunks).get(home.partition());
    return followed == null ? home : new Position(home.partition(), followed.completeFrom);
  }

  private void evict() {
    Iterator<StreamLog> oldest = leastRecentFirst.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      StreamLog log = oldest.next();
      bytes -= log.bytes();
      evicted(true, log.chunksFrom().partition());
      evicted(false, log.summariesFrom().partition());
      oldest.remove();
    }
  }

  /** A stream that comes again has nothing from before this. */
  private void evicted(boolean ofChunks, int partition) {
    Partition followed = partitions(ofChunks).get(partition);
    if (followed != null) {
      followed.completeFrom = followed.position;
    }
  }

  Optional<StreamHistory> history(String streamId) {
    StreamLog log = leastRecentFirst.get(streamId);
    return log == null
        ? Optional.empty()
        : Optional.of(
            new StreamHistory(
                log.chunks(),
                log.summaries(),
                isBeginning(log.chunksFrom()),
                log.highestSequence(),
                new Cursor(log.chunksFrom(), log.summariesFrom())));
  }

  private boolean isBeginning(Position from) {
    Partition followed = chunks.get(from.partition());
    return followed != null && from.offset() <= followed.beginning;
  }
}
