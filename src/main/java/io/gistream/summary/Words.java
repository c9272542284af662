package io.gistream.summary;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Words, the unit of every budget.
 *
 * <p>In scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese) every letter stands
 * for itself, so that budgets and overlaps mean something there too.
 */
public final class Words {
  private Words() {}

  /**
   * Number of words of a text: maximal runs of letters, digits or apostrophes that hold at least
   * one letter or digit.
   */
  public static int count(String text) {
    int words = 0;
    boolean counted = false;
    for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (Character.isLetterOrDigit(codePoint)) {
        boolean alone = standsAlone(codePoint);
        if (!counted || alone) {
          words++;
        }
        counted = !alone;
      } else if (!isMark(codePoint) && codePoint != '\'' && codePoint != '’') {
        counted = false;
      }
    }
    return words;
  }

  /** Lower-cased runs of letters and digits, in order, repetitions included. */
  static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    int begin = -1;
    for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      boolean letter = Character.isLetterOrDigit(codePoint);
      boolean inside = letter || (begin >= 0 && isMark(codePoint));
      if (begin >= 0 && (!inside || (letter && standsAlone(codePoint)))) {
        tokens.add(text.substring(begin, i).toLowerCase(Locale.ROOT));
        begin = -1;
      }
      if (letter && standsAlone(codePoint)) {
        int end = i + Character.charCount(codePoint);
        while (end < text.length() && isMark(text.codePointAt(end))) {
          end += Character.charCount(text.codePointAt(end));
        }
        tokens.add(text.substring(i, end).toLowerCase(Locale.ROOT));
        i = end - Character.charCount(codePoint);
      } else if (letter && begin < 0) {
        begin = i;
      }
    }
    if (begin >= 0) {
      tokens.add(text.substring(begin).toLowerCase(Locale.ROOT));
    }
    return tokens;
  }

  /** The pieces of a list written with spaces between them. */
  static Set<String> list(String words) {
    return Set.copyOf(Arrays.asList(words.split(" ")));
  }

  static boolean isSpace(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }

  /** Whether a code point only modifies the one before it. */
  static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  private static boolean standsAlone(int codePoint) {
    if (codePoint < 0x0E00) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(codePoint);
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || script == UnicodeScript.THAI
        || script == UnicodeScript.LAO
        || script == UnicodeScript.KHMER
        || script == UnicodeScript.MYANMAR;
  }
}
