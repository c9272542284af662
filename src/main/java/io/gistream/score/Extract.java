package io.gistream.score;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes a summary of whole sentences that has exactly the words it may have. */
final class Extract {
  private Extract() {}

  /**
   * Takes sentences in order of preference until the budget is used up, and puts them in the order
   * of the talk. The last one taken is cut to what is left.
   *
   * @param preference indices into {@code sentences}, each at most once
   */
  static String of(List<String> sentences, List<Integer> preference, int budgetWords) {
    var taken = new String[sentences.size()];
    int left = budgetWords;
    for (int index : preference) {
      if (left <= 0) {
        break;
      }
      String sentence = Words.cut(sentences.get(index), left);
      taken[index] = sentence;
      left -= Words.count(sentence);
    }
    return IntStream.range(0, taken.length)
        .filter(i -> taken[i] != null)
        .mapToObj(i -> taken[i])
        .collect(Collectors.joining(" "));
  }

  /** The first words. */
  static String lead(List<String> sentences, int budgetWords) {
    return of(sentences, inOrder(sentences), budgetWords);
  }

  static List<Integer> inOrder(List<String> sentences) {
    return IntStream.range(0, sentences.size()).boxed().toList();
  }
}
