package io.gistream.session;

import io.gistream.avro.RollingSummary;
import org.jspecify.annotations.Nullable;

/** What became of a chunk, or of what the model made of it. */
public sealed interface Outcome {
  /**
   * A new revision of the summary.
   *
   * @param cause the chunk that brought it; null when it was the lack of chunks
   * @param timestamp event time of the summary, milliseconds since the epoch
   */
  record Revised(RollingSummary summary, @Nullable Said cause, long timestamp) implements Outcome {}

  /** Nothing new in it; counted and dropped. */
  record Dropped(Said said, Reason reason) implements Outcome {}

  /** A chunk that was read, or given up, was replaced by another; the summary follows. */
  record Corrected(long sequence) implements Outcome {}

  /** Chunks that did not come in time, or whose text was of no use. */
  record Missed(long first, long last) implements Outcome {}

  /**
   * Sentences that the model wrote and nothing that was said supports.
   *
   * @param replaced by a sentence that was said
   * @param removed because no sentence was left to replace them
   */
  record Ungrounded(int replaced, int removed) implements Outcome {}

  /** Why a chunk was dropped. */
  enum Reason {
    /** The same chunk was read already, or one with its number so long ago that nobody knows. */
    DUPLICATE,
    /** It corrects a chunk, or fills a gap, that the memory has left behind. */
    TOO_LATE,
    /** A draft of a chunk that is confirmed already. */
    STALE_DRAFT,
    /** A draft that is not of the next chunk, or whose text is of no use. */
    EARLY_DRAFT,
    /** It waited for its turn, and another chunk with its number has come in its place. */
    REPLACED,
    /** It waited for its turn when the talk fell silent: the final summary alone speaks of it. */
    WAITED_TO_THE_END,
    /** A chunk numbered behind the end of a talk that came before that end. */
    BEHIND_THE_END
  }
}
