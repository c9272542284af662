package io.gistream.session;

import io.gistream.avro.TranscriptChunk;

/** A chunk that came for a stream. Implementations may carry where it came from. */
public interface Said {
  /** The chunk, already {@linkplain ChunkRules checked}. */
  TranscriptChunk chunk();

  /**
   * When it was said or put on the topic: milliseconds since the epoch, the only clock that decides
   * anything.
   */
  long timestamp();

  /** True when its text cannot be used: it takes its place in the order, as a gap. */
  default boolean lost() {
    return false;
  }

  /** A chunk without a past. */
  record Plain(TranscriptChunk chunk, long timestamp) implements Said {}
}
