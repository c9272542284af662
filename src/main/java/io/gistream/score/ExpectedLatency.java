package io.gistream.score;

import java.util.HashMap;
import java.util.Map;

/**
 * <b>Expected latency</b>: how many words of the talk go by between a sentence's content being said
 * and the sentence being shown.
 *
 * <pre>
 *   EL = mean over sentences s of the final summary of  max(0, words heard at first revision with s
 *                                                              - words up to the end of s's source)
 * </pre>
 *
 * The end of the source is the end of the last chunk that the sentence cites. A sentence first
 * shown while it was still being said has latency 0; one that no revision showed appears with the
 * last word. Sentences that came and went do not count, being no part of what was to be said.
 */
final class ExpectedLatency {
  private ExpectedLatency() {}

  /** NaN for no sentences. */
  static double words(SummaryRun run, long allWords) {
    Map<Long, Long> shownAfter = new HashMap<>();
    for (var revision : run.revisions()) {
      for (var sentence : revision.sentences()) {
        shownAfter.putIfAbsent(sentence.id(), revision.wordsHeard());
      }
    }
    return run.sentences().stream()
        .mapToLong(s -> shownAfter.getOrDefault(s.id(), allWords) - s.sourceEndWords())
        .map(words -> Math.max(0, words))
        .average()
        .orElse(Double.NaN);
  }
}
