package io.gistream.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * <b>Redundancy</b>: how much of a summary says again what another of its sentences says.
 *
 * <pre>
 *   redundancy = mean over sentences s of  |B(s) and union of B(t), t != s| / |B(s)|
 * </pre>
 *
 * B(s) is the set of pairs of neighbouring tokens in s of which at least one is a content word.
 * Sentences without such a pair are left out of the mean; a summary without any has redundancy 0.
 * Single words are no use here: on one subject good sentences share them.
 */
final class Redundancy {
  private Redundancy() {}

  static double of(List<String> sentences) {
    var pairs = sentences.stream().map(Redundancy::pairs).filter(set -> !set.isEmpty()).toList();
    Map<String, Integer> sentencesWith = new HashMap<>();
    for (var set : pairs) {
      for (var pair : set) {
        sentencesWith.merge(pair, 1, Integer::sum);
      }
    }
    return pairs.stream()
        .mapToDouble(
            set -> {
              long repeated =
                  set.stream().filter(p -> sentencesWith.getOrDefault(p, 0) > 1).count();
              return (double) repeated / set.size();
            })
        .average()
        .orElse(0);
  }

  private static Set<String> pairs(String sentence) {
    var tokens = new ArrayList<>(Words.tokens(sentence));
    var pairs = new HashSet<String>();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (ContentWords.contains(tokens.get(i)) || ContentWords.contains(tokens.get(i + 1))) {
        pairs.add(tokens.get(i) + " " + tokens.get(i + 1));
      }
    }
    return pairs;
  }
}
