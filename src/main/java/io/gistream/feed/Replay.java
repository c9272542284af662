package io.gistream.feed;

import java.util.List;
import java.util.Optional;

/** Reads the records of one stream from the topics once more. */
@FunctionalInterface
public interface Replay {
  /**
   * What was between two places.
   *
   * @param chunks in the order of their topic
   * @param summaries summaries and erasures, in the order of their topic
   * @param lost why it is not all there; empty when it is
   */
  record Replayed(
      List<FeedRecord.Chunk> chunks, List<FeedRecord> summaries, Optional<String> lost) {
    static Replayed lost(String why) {
      return new Replayed(List.of(), List.of(), Optional.of(why));
    }
  }

  /**
   * Reads what is between two places.
   *
   * @param to behind the last record, at or behind {@code from}, in the same partitions
   */
  Replayed read(String streamId, Cursor from, Cursor to);
}
