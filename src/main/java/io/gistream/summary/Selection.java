package io.gistream.summary;

import io.gistream.avro.SummarySentence;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses, under a budget of words, the sentences that a rolling summary shows. */
public final class Selection {
  public Selection(Map<String, Double> rule) {}

  /**
   * The sentences to show, in the order of the talk.
   *
   * @param candidates in the order of the talk
   * @param shown ids of the sentences that the revision before showed
   * @param budgetWords most words shown
   * @param wordsHeard words of the talk so far
   */
  public List<SummarySentence> choose(
      List<SummarySentence> candidates, Set<Long> shown, int budgetWords, long wordsHeard) {
    throw new UnsupportedOperationException();
  }

  /**
   * The candidates worth keeping for later, in the order of the talk; bounded whatever was said.
   */
  public List<SummarySentence> keep(List<SummarySentence> candidates, int budgetWords) {
    throw new UnsupportedOperationException();
  }

  /** Whether a sentence, as shown, says enough to be a candidate at all. */
  public boolean isCandidate(String displayText) {
    throw new UnsupportedOperationException();
  }
}
