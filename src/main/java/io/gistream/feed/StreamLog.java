package io.gistream.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last records of one stream. */
final class StreamLog {
  static final int MAX_CHUNKS = 512;
  static final int MAX_SUMMARIES = 256;

  private final Deque<Sized<FeedRecord.Chunk>> chunks = new ArrayDeque<>();
  private final Deque<Sized<FeedRecord.Summary>> summaries = new ArrayDeque<>();
  private Position chunksFrom;
  private Position summariesFrom;
  private long bytes;
  private long highestSequence = -1;

  private record Sized<R extends FeedRecord>(R record, int bytes) {}

  /**
   * @param chunksFrom first place in the chunks topic from which nothing of the stream is missing
   * @param summariesFrom the same in the summaries topic
   */
  StreamLog(Position chunksFrom, Position summariesFrom) {
    this.chunksFrom = chunksFrom;
    this.summariesFrom = summariesFrom;
  }

  void add(FeedRecord record, int size) {
    if (record instanceof FeedRecord.Chunk chunk) {
      if (chunksFrom.partition() != record.position().partition()) {
        chunksFrom = record.position(); // put there by another partitioner than Kafka's
      }
      chunks.add(new Sized<>(chunk, size));
      bytes += size;
      highestSequence = Math.max(highestSequence, chunk.chunk().getSequence());
      if (chunks.size() > MAX_CHUNKS) {
        dropChunk();
      }
    } else if (record instanceof FeedRecord.Summary summary) {
      if (summariesFrom.partition() != record.position().partition()) {
        summariesFrom = record.position();
      }
      summaries.add(new Sized<>(summary, size));
      bytes += size;
      if (summaries.size() > MAX_SUMMARIES) {
        dropSummary();
      }
    } else {
      erase(record.position());
    }
  }

  private void dropChunk() {
    Sized<FeedRecord.Chunk> dropped = chunks.remove();
    bytes -= dropped.bytes();
    chunksFrom = dropped.record().position().next();
  }

  private void dropSummary() {
    Sized<FeedRecord.Summary> dropped = summaries.remove();
    bytes -= dropped.bytes();
    summariesFrom = dropped.record().position().next();
  }

  /** What was asked to be forgotten is not to be found here either. */
  private void erase(Position tombstone) {
    while (!chunks.isEmpty()) {
      dropChunk();
    }
    while (!summaries.isEmpty()) {
      dropSummary();
    }
    summariesFrom = tombstone;
    highestSequence = -1;
  }

  List<FeedRecord.Chunk> chunks() {
    return chunks.stream().map(Sized::record).toList();
  }

  List<FeedRecord.Summary> summaries() {
    return summaries.stream().map(Sized::record).toList();
  }

  Position chunksFrom() {
    return chunksFrom;
  }

  Position summariesFrom() {
    return summariesFrom;
  }

  /** Highest sequence number on the topic, as far as this goes back; -1 when there is none. */
  long highestSequence() {
    return highestSequence;
  }

  long bytes() {
    return bytes;
  }
}
