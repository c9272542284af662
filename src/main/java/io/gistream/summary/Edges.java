package io.gistream.summary;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;

/** Gives a sentence its beginning and its end: a capital letter and a terminal mark. */
final class Edges {
  private static final String LOOSE_BEFORE = "-–—,.;:!?…>*•·~|/\\";
  private static final String LOOSE_BEHIND = "-–—,;:*•·~|/\\>";

  private Edges() {}

  /** The tokens as one sentence; empty when no letter and no digit is left. */
  static String finish(List<Token> sentence) {
    List<Token> tokens = new ArrayList<>(sentence);
    int begin = 0;
    while (begin < tokens.size() && isLoose(tokens.get(begin), LOOSE_BEFORE)) {
      begin++;
    }
    int end = tokens.size();
    while (end > begin && isLoose(tokens.get(end - 1), LOOSE_BEHIND)) {
      end--;
    }
    if (tokens.subList(begin, end).stream().allMatch(Token::isPunctuation)) {
      return "";
    }
    tokens.set(begin, opened(tokens.get(begin)));
    int word = begin;
    while (tokens.get(word).isPunctuation()) {
      word++;
    }
    tokens.set(word, capitalised(tokens.get(word)));
    Token last = tokens.get(end - 1);
    tokens.set(end - 1, last.withTrail(terminated(last)));
    return Token.join(tokens.subList(begin, end));
  }

  /** "i" is "I" where nothing is capitalised, as in captions without case. */
  static List<Token> capitalisePronoun(List<Token> tokens) {
    if (tokens.stream().skip(1).anyMatch(Token::isCapitalised)) {
      return tokens;
    }
    List<Token> capitalised = new ArrayList<>(tokens);
    capitalised.replaceAll(
        token ->
            token.key().equals("i") || token.key().startsWith("i'")
                ? new Token(
                    token.lead(), "I" + token.core().substring(1), token.trail(), token.key())
                : token);
    return capitalised;
  }

  private static boolean isLoose(Token token, String marks) {
    return token.isPunctuation() && token.trail().chars().allMatch(c -> marks.indexOf(c) >= 0);
  }

  private static Token opened(Token token) {
    if (token.isPunctuation()) {
      return token;
    }
    String lead = token.lead();
    int first = token.core().codePointAt(0);
    int from = 0;
    while (from < lead.length() && LOOSE_BEFORE.indexOf(lead.charAt(from)) >= 0) {
      boolean ofNumber =
          from + 1 == lead.length()
              && "-.".indexOf(lead.charAt(from)) >= 0
              && Character.isDigit(first);
      if (ofNumber) {
        break;
      }
      from++;
    }
    return token.withLead(lead.substring(from));
  }

  private static Token capitalised(Token token) {
    if (!isOrdinaryWord(token)) {
      return token;
    }
    String core = token.core();
    int first = core.codePointAt(0);
    String capitalised =
        new StringBuilder()
            .appendCodePoint(Character.toTitleCase(first))
            .append(core, Character.charCount(first), core.length())
            .toString();
    return new Token(token.lead(), capitalised, token.trail(), token.key());
  }

  /** Not a name with its own spelling: iPhone, x86, e.g, user@host, https://. */
  private static boolean isOrdinaryWord(Token token) {
    String core = token.core();
    return core.codePoints().noneMatch(c -> Character.isDigit(c) || "./@_:#\\=".indexOf(c) >= 0)
        && core.codePoints().skip(1).noneMatch(Character::isUpperCase)
        && token.lead().chars().noneMatch(c -> "@#/$_".indexOf(c) >= 0);
  }

  private static String terminated(Token token) {
    String trail = token.trail();
    int end = trail.length();
    while (end > 0 && LOOSE_BEHIND.indexOf(trail.charAt(end - 1)) >= 0) {
      end--;
    }
    int mark = end;
    while (mark > 0 && Punctuation.isCloser(trail.charAt(mark - 1))) {
      mark--;
    }
    int loose = mark;
    while (loose > 0 && ",;".indexOf(trail.charAt(loose - 1)) >= 0) {
      loose--;
    }
    String kept = trail.substring(0, loose) + trail.substring(mark, end);
    boolean ends =
        mark > 0
            && (Punctuation.isTerminal(trail.charAt(mark - 1))
                || Punctuation.isWideStop(trail.charAt(mark - 1)));
    return ends ? kept : kept + stopOf(token.core());
  }

  /** The full stop of the script that the sentence ends in. */
  private static char stopOf(String core) {
    if (core.isEmpty()) {
      return '.';
    }
    UnicodeScript script = UnicodeScript.of(core.codePointBefore(core.length()));
    return switch (script) {
      case HAN, HIRAGANA, KATAKANA -> '。';
      case DEVANAGARI, BENGALI -> '।';
      case ARABIC -> core.codePoints().anyMatch(c -> c == 'ے' || c == 'ہ') ? '۔' : '.';
      default -> '.';
    };
  }
}
