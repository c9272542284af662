package io.gistream.model;

import java.util.List;

/**
 * Runs a model over segments of many streams at once. What a stream gets back depends on its own
 * segments alone, to the bit. Not thread-safe: one per thread, as many as are wanted.
 */
@FunctionalInterface
public interface SegmentReader {
  /**
   * Reads one segment of each of several streams; results in the order given.
   *
   * @throws IllegalArgumentException when a segment has no sentence or more than {@code
   *     limits.segmentSentences}, or a memory is of another model
   */
  List<Reading> read(List<Read> reads);

  /**
   * Told of sentences that segments to come will have. A reader that remembers what it encoded may
   * encode them now, together and at leisure, so that less is left to do when a segment is over.
   * What is read does not depend on it.
   */
  default void anticipate(List<String> sentences) {}

  /**
   * A reader that never folds, so that every segment meets the memory its stream began with: the
   * same weights as the paper's "segmented transformer", to measure what the memory is worth.
   */
  default SegmentReader forgetful() {
    return reads -> read(reads.stream().map(Read::withoutFold).toList());
  }
}
