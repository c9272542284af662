package io.gistream.score;

/** Hears of each document as soon as it is scored. */
@FunctionalInterface
public interface ProgressListener {
  /** Listens to nothing. */
  ProgressListener NONE = (document, run, score) -> {};

  /** The documents come in the order of the data set. */
  void scored(Document document, SummaryRun run, DocumentScore score);
}
