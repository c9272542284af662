package io.gistream.score;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The numbers and names of a text; {@link GroundingShare} says what counts as one. */
final class Facts {
  private Facts() {}

  /** The numbers, lower-cased, without commas. */
  static Set<String> numbers(String text) {
    var numbers = new HashSet<String>();
    int end;
    for (int at = Words.tokenStart(text, 0); at >= 0; at = Words.tokenStart(text, end)) {
      end = Words.tokenEnd(text, at);
      while (joinsDigits(text, end)) {
        end = Words.tokenEnd(text, end + 1);
      }
      String run = text.substring(at, end);
      if (run.codePoints().anyMatch(Character::isDigit)) {
        numbers.add(run.replace(",", "").toLowerCase(Locale.ROOT));
      }
    }
    return numbers;
  }

  private static boolean joinsDigits(String text, int at) {
    return at > 0
        && at + 1 < text.length()
        && ".,:".indexOf(text.charAt(at)) >= 0
        && Character.isDigit(text.codePointBefore(at))
        && Character.isDigit(text.codePointAt(at + 1));
  }

  /** The tokens of all names, lower-cased. */
  static Set<String> nameTokens(String text) {
    var names = new HashSet<String>();
    int end = 0;
    for (int at = Words.tokenStart(text, 0); at >= 0; at = Words.tokenStart(text, end)) {
      boolean begins = end == 0 || endsSentence(text.substring(end, at));
      end = Words.wordEnd(text, at);
      String word = text.substring(at, end).replaceFirst("['\u2019]s?$", "");
      if (isName(word, begins)) {
        names.addAll(Words.tokens(word));
      }
    }
    return names;
  }

  private static boolean endsSentence(String gap) {
    return gap.chars().anyMatch(c -> ".!?\u2026:;".indexOf(c) >= 0);
  }

  private static boolean isName(String word, boolean beginsSentence) {
    if (word.equals("I") || word.startsWith("I'") || word.startsWith("I\u2019")) {
      return false;
    }
    int first = word.codePointAt(0);
    boolean laterCapital = word.codePoints().skip(1).anyMatch(c -> Character.isUpperCase(c));
    return laterCapital
        || (!beginsSentence && (Character.isUpperCase(first) || Character.isTitleCase(first)));
  }
}
