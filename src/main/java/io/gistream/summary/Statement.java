package io.gistream.summary;

import java.util.Set;

/**
 * Tells the sentences that state something from those that leave a reader with nothing: questions,
 * what was broken off, fragments without a clause, greetings and thanks.
 *
 * <p>By English function words; where there are none, no sentence is a statement and all are worth
 * the same. Mirrored in {@code srformer/statements.py}.
 */
final class Statement {
  /** A greeting with at least so much more to say is more than a greeting. */
  private static final int SUBSTANCE = 3;

  private static final String CLOSERS = "\"”’')]» ";

  /** Subjects and auxiliaries, or what is left of them behind an apostrophe. */
  private static final Set<String> CLAUSE =
      Words.list(
          "i we you they he she it there who am is are was were has have had do does did will"
              + " would can could should shall may might must cannot need needs want wants let"
              + " s re ve ll d m t");

  private static final Set<String> COURTESIES =
      Words.list(
          "thank thanks hello hi hey welcome good morning afternoon evening day everyone everybody"
              + " guys folks bye goodbye please sorry cheers great awesome perfect wonderful"
              + " fantastic excellent nice cool sure absolutely exactly fine appreciate"
              + " appreciated much indeed lot mr mrs ms chair sir madam ladies gentlemen");

  private Statement() {}

  /** Whether a sentence, as shown, states something. */
  static boolean is(String text) {
    return !isBrokenOff(text)
        && !ending(text).endsWith("?")
        && Words.tokens(text).stream().anyMatch(CLAUSE::contains)
        && !isCourtesy(text);
  }

  /** Whether the speaker, or who wrote it down, left it open: "They'll be…". */
  static boolean isBrokenOff(String text) {
    String ending = ending(text);
    return ending.endsWith("…") || ending.endsWith("...");
  }

  /** The text up to its terminal mark. */
  private static String ending(String text) {
    int end = text.length();
    while (end > 0 && CLOSERS.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isCourtesy(String text) {
    Set<String> content = ContentWords.of(text);
    long substance = content.stream().filter(word -> !COURTESIES.contains(word)).count();
    return substance < content.size() && substance < SUBSTANCE;
  }
}
