package io.gistream.score;

/** A system whose summaries are scored: it hears a transcript piece by piece. */
@FunctionalInterface
public interface Summarizer {

  /**
   * Streams a document through the system.
   *
   * @param budgetWords most words of a summary; what is longer is cut before it is scored
   */
  SummaryRun run(Document document, int budgetWords);
}
