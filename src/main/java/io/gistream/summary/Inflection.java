package io.gistream.summary;

/**
 * Whether two words are forms of one: what is left of them without the endings of English plurals,
 * verbs and adverbs is the same. Light on purpose: {@code ship, ships, shipped, shipping} are one,
 * {@code decide} and {@code decision} are two, and so are words that only begin alike ({@code
 * contract, contrast}).
 */
final class Inflection {
  private static final int SHORTEST_STEM = 3;

  private Inflection() {}

  /**
   * The word without its ending, the same for all its regular forms; the word itself when it is
   * short or has a digit.
   *
   * @param word in lower case
   */
  static String stem(String word) {
    if (word.length() <= SHORTEST_STEM || !word.chars().allMatch(Character::isLetter)) {
      return word;
    }
    String stem = word;
    if (stem.endsWith("ies") || stem.endsWith("ied")) {
      return finish(stem.substring(0, stem.length() - 3) + "y");
    }
    if (stem.endsWith("sses")
        || stem.endsWith("shes")
        || stem.endsWith("ches")
        || stem.endsWith("xes")
        || stem.endsWith("oes")) {
      stem = stem.substring(0, stem.length() - 2);
    } else if (stem.endsWith("s") && !stem.endsWith("ss") && !stem.endsWith("us")) {
      stem = stem.substring(0, stem.length() - 1);
    }
    String bare = withoutEnding(stem);
    return finish(bare);
  }

  private static String withoutEnding(String word) {
    for (String ending : new String[] {"ing", "ed", "ly"}) {
      if (word.endsWith(ending) && word.length() - ending.length() >= SHORTEST_STEM) {
        String rest = word.substring(0, word.length() - ending.length());
        if (rest.chars().anyMatch(c -> "aeiouy".indexOf(c) >= 0)) {
          return rest;
        }
      }
    }
    return word;
  }

  /** Undoes what an ending does to a word: {@code shipp} to {@code ship}, and no silent e. */
  private static String finish(String word) {
    int length = word.length();
    if (length > SHORTEST_STEM && word.endsWith("e")) {
      return word.substring(0, length - 1);
    }
    boolean doubled =
        length > SHORTEST_STEM
            && word.charAt(length - 1) == word.charAt(length - 2)
            && "aeiou".indexOf(word.charAt(length - 1)) < 0;
    return doubled ? word.substring(0, length - 1) : word;
  }
}
