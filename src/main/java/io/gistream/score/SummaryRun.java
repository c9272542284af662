package io.gistream.score;

import java.util.List;

/**
 * All that a system gave for one document.
 *
 * @param revisions every summary shown, in order, the final one included; empty for a system that
 *     shows nothing before the end
 * @param finalText the final summary
 * @param sentences the sentences of the final summary, in order
 * @param cpuSeconds processor time the run took, all threads together
 */
public record SummaryRun(
    List<Revision> revisions,
    String finalText,
    List<GroundedSentence> sentences,
    double cpuSeconds) {

  public SummaryRun {
    revisions = List.copyOf(revisions);
    sentences = List.copyOf(sentences);
    long heard = 0;
    for (var revision : revisions) {
      if (revision.wordsHeard() < heard) {
        throw new IllegalArgumentException(
            "Revisions must be in order: one after "
                + revision.wordsHeard()
                + " words follows one after "
                + heard);
      }
      heard = revision.wordsHeard();
    }
    if (!(cpuSeconds >= 0)) {
      throw new IllegalArgumentException("A run takes 0 seconds or more, not " + cpuSeconds);
    }
  }
}
