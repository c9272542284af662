package io.gistream.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a text. A <i>word</i> is a run of letters, digits and apostrophes ({@code don't} is
 * one): what budgets, positions and erasure are counted in. A <i>token</i> is a run of letters and
 * digits, lower-cased ({@code don't} is two): what ROUGE counts. Both begin with a letter or digit;
 * combining marks belong to the letter before them. Scripts that put no space between words are not
 * divided.
 */
public final class Words {
  private Words() {}

  /** Number of words. */
  public static int count(String text) {
    int count = 0;
    for (int at = tokenStart(text, 0); at >= 0; at = tokenStart(text, wordEnd(text, at))) {
      count++;
    }
    return count;
  }

  /**
   * The text up to its {@code limit}-th word, with the punctuation that touches it; the text itself
   * when it has no more words than that.
   */
  public static String cut(String text, int limit) {
    if (limit <= 0) {
      return "";
    }
    int at = tokenStart(text, 0);
    int end = 0;
    for (int i = 0; i < limit && at >= 0; i++) {
      end = wordEnd(text, at);
      at = tokenStart(text, end);
    }
    return at < 0 ? text : text.substring(0, punctuationEnd(text, end));
  }

  /** The words as written, in order. */
  static List<String> of(String text) {
    var words = new ArrayList<String>();
    int end;
    for (int at = tokenStart(text, 0); at >= 0; at = tokenStart(text, end)) {
      end = wordEnd(text, at);
      words.add(text.substring(at, end));
    }
    return words;
  }

  /** The tokens, lower-cased, in order. */
  static List<String> tokens(String text) {
    var tokens = new ArrayList<String>();
    int end;
    for (int at = tokenStart(text, 0); at >= 0; at = tokenStart(text, end)) {
      end = tokenEnd(text, at);
      tokens.add(text.substring(at, end).toLowerCase(Locale.ROOT));
    }
    return tokens;
  }

  /** Offset of the next letter or digit, -1 when there is none. */
  static int tokenStart(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (Character.isLetterOrDigit(c)) {
        return at;
      }
      at += Character.charCount(c);
    }
    return -1;
  }

  /** Offset behind the word that begins here. */
  static int wordEnd(String text, int start) {
    return runEnd(text, start, true);
  }

  /** Offset behind the token that begins here. */
  static int tokenEnd(String text, int start) {
    return runEnd(text, start, false);
  }

  private static int runEnd(String text, int start, boolean apostrophes) {
    int at = start;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (!Character.isLetterOrDigit(c)
          && !isMark(c)
          && !(apostrophes && (c == '\'' || c == '\u2019'))) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  private static int punctuationEnd(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (Character.isWhitespace(c) || Character.isLetterOrDigit(c)) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }
}
