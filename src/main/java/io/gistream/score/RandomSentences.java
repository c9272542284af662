package io.gistream.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Baseline: sentences drawn at random. The draw depends on the document's id alone, so a document
 * gets the same one in whatever company it is scored.
 */
final class RandomSentences {
  private RandomSentences() {}

  static String summarize(String id, List<String> sentences, int budgetWords) {
    var preference = new ArrayList<>(Extract.inOrder(sentences));
    Collections.shuffle(preference, new Random(id.hashCode()));
    return Extract.of(sentences, preference, budgetWords);
  }
}
