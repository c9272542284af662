package io.gistream.score;

import java.util.List;

/** Finds the sentences that the baselines choose from. */
@FunctionalInterface
public interface SentenceSource {

  /** The sentences of a transcript, in the order said, as a summary would show them. */
  List<String> sentences(List<Document.Segment> segments);
}
