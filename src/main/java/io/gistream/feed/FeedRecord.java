package io.gistream.feed;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import org.jspecify.annotations.Nullable;

/** A committed record of a stream. */
public sealed interface FeedRecord {
  String streamId();

  /** In the topic it is of. */
  Position position();

  /** Event time, milliseconds since the epoch. */
  long timestamp();

  /** Of the chunks topic. */
  record Chunk(TranscriptChunk chunk, Position position, long timestamp) implements FeedRecord {
    @Override
    public String streamId() {
      return chunk.getStreamId();
    }
  }

  /**
   * Of the summaries topic.
   *
   * @param cause the chunk that brought it about; null when silence did
   */
  record Summary(
      RollingSummary summary, Position position, long timestamp, @Nullable Position cause)
      implements FeedRecord {
    @Override
    public String streamId() {
      return summary.getStreamId();
    }
  }

  /** Of the summaries topic: the stream was erased, or its retention is over. */
  record Erased(String streamId, Position position, long timestamp) implements FeedRecord {}
}
