package io.gistream.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * <b>Normalised erasure</b>: how much a reader saw vanish, per word that stayed in the end.
 *
 * <pre>
 *   NE = sum_k E(summary_k, summary_(k+1)) / words of the last summary
 *   E(a, b) = sum over the sentences s of a:  words of s                            if s is not in b
 *                                             words of s - LCS(s in a, s in b)      if it is
 * </pre>
 *
 * Sentences are recognised by their id and LCS is the longest common subsequence of their words as
 * written, so appending to a sentence erases nothing and moving one does not either. After
 * normalised erasure of re-translation (Arivazhagan et al., <i>Re-translation versus Streaming for
 * Simultaneous Translation</i>, 2020), which counts everything behind the first changed word: right
 * for a text that grows at its end, too much for one whose sentences come and go. 0 when nothing
 * was taken back; at most 0.2 is calm to read. A run whose last summary is empty is divided by one
 * word.
 */
final class Erasure {
  private Erasure() {}

  static double normalised(List<Revision> revisions) {
    if (revisions.isEmpty()) {
      return 0;
    }
    long erased = 0;
    for (int k = 0; k + 1 < revisions.size(); k++) {
      erased += erasedWords(revisions.get(k), revisions.get(k + 1));
    }
    var last = revisions.get(revisions.size() - 1);
    long shown = last.sentences().stream().mapToLong(s -> Words.count(s.text())).sum();
    return (double) erased / Math.max(1, shown);
  }

  static long erasedWords(Revision before, Revision after) {
    Map<Long, String> texts = new HashMap<>();
    for (var sentence : after.sentences()) {
      texts.put(sentence.id(), sentence.text());
    }
    long erased = 0;
    for (var sentence : before.sentences()) {
      String now = texts.getOrDefault(sentence.id(), "");
      if (!now.equals(sentence.text())) {
        erased += lostWords(sentence.text(), now);
      }
    }
    return erased;
  }

  private static int lostWords(String before, String after) {
    var ids = new HashMap<String, Integer>();
    int[] a = numbered(before, ids);
    int[] b = numbered(after, ids);
    return a.length - Rouge.longestCommonSubsequence(a, b);
  }

  private static int[] numbered(String text, Map<String, Integer> ids) {
    return Words.of(text).stream()
        .mapToInt(word -> ids.computeIfAbsent(word, w -> ids.size()))
        .toArray();
  }
}
