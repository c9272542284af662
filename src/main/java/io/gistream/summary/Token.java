package io.gistream.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of a sentence between white space.
 *
 * @param lead what stands before its first letter, digit or mark
 * @param core from the first to the last of these; empty in a piece of mere punctuation
 * @param trail what stands behind; everything when the core is empty
 * @param key the core as compared: lower case, straight apostrophes
 */
record Token(String lead, String core, String trail, String key) {
  static List<Token> of(String text) {
    List<Token> tokens = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      int begin = SentenceSplitter.skipSpace(text, i);
      int end = begin;
      while (end < text.length() && !Words.isSpace(text.codePointAt(end))) {
        end += Character.charCount(text.codePointAt(end));
      }
      if (end > begin) {
        tokens.add(parse(text.substring(begin, end)));
      }
      i = end;
    }
    return tokens;
  }

  static Token parse(String piece) {
    int begin = 0;
    while (begin < piece.length() && !isCore(piece.codePointAt(begin))) {
      begin += Character.charCount(piece.codePointAt(begin));
    }
    int end = piece.length();
    while (end > begin && !isCore(piece.codePointBefore(end))) {
      end -= Character.charCount(piece.codePointBefore(end));
    }
    String core = piece.substring(begin, end);
    String key = core.toLowerCase(Locale.ROOT).replace('’', '\'');
    return core.isEmpty()
        ? new Token("", "", piece, "")
        : new Token(piece.substring(0, begin), core, piece.substring(end), key);
  }

  private static boolean isCore(int codePoint) {
    return Character.isLetterOrDigit(codePoint) || Words.isMark(codePoint);
  }

  static String join(List<Token> tokens) {
    StringBuilder text = new StringBuilder();
    for (Token token : tokens) {
      if (text.length() > 0) {
        text.append(' ');
      }
      text.append(token.lead()).append(token.core()).append(token.trail());
    }
    return text.toString();
  }

  Token withTrail(String trail) {
    return new Token(lead, core, trail, key);
  }

  Token withLead(String lead) {
    return new Token(lead, core, trail, key);
  }

  /** Whether there is no letter and no digit in it. */
  boolean isPunctuation() {
    return core.isEmpty();
  }

  boolean endsWithComma() {
    return trail.endsWith(",");
  }

  boolean isCapitalised() {
    return !core.isEmpty() && Character.isUpperCase(core.codePointAt(0));
  }

  boolean isAllCapitals() {
    return core.length() > 1
        && core.codePoints().filter(Character::isLetter).allMatch(Character::isUpperCase);
  }

  boolean isDash() {
    return core.isEmpty() && trail.chars().allMatch(c -> "-–—".indexOf(c) >= 0);
  }

  /** Whether the text is only the word, with at most a comma, a dash or an ellipsis behind it. */
  boolean isOpenEnded() {
    return trail.chars().allMatch(c -> ",-–—….".indexOf(c) >= 0) && !trail.equals(".");
  }
}
