package io.gistream.summary;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How far a sentence is supported by what it cites. */
public final class Grounding {
  /** Numbers that are written either way. */
  private static final Map<String, String> SPELLED =
      Map.ofEntries(
          Map.entry("0", "zero"),
          Map.entry("1", "one"),
          Map.entry("2", "two"),
          Map.entry("3", "three"),
          Map.entry("4", "four"),
          Map.entry("5", "five"),
          Map.entry("6", "six"),
          Map.entry("7", "seven"),
          Map.entry("8", "eight"),
          Map.entry("9", "nine"),
          Map.entry("10", "ten"),
          Map.entry("11", "eleven"),
          Map.entry("12", "twelve"),
          Map.entry("15", "fifteen"),
          Map.entry("20", "twenty"),
          Map.entry("30", "thirty"),
          Map.entry("40", "forty"),
          Map.entry("50", "fifty"),
          Map.entry("60", "sixty"),
          Map.entry("70", "seventy"),
          Map.entry("80", "eighty"),
          Map.entry("90", "ninety"),
          Map.entry("100", "hundred"),
          Map.entry("1000", "thousand"));

  private Grounding() {}

  /**
   * Share of the sentence's words that occur in the source, 0 to 1; 1 for a sentence without words.
   *
   * <p>A word is a lower-cased run of letters or digits.
   */
  public static float share(String sentence, String source) {
    List<String> words = Words.tokens(sentence);
    if (words.isEmpty()) {
      return 1f;
    }
    Set<String> said = wordsOf(source);
    long supported = words.stream().filter(said::contains).count();
    return (float) ((double) supported / words.size());
  }

  /**
   * Numbers and names of the sentence that its source does not have, in order, each once.
   *
   * <p>A name is a word with a capital letter; the first word of a sentence only when the capital
   * is not its first letter, since any word begins with one there. Case does not matter for the
   * comparison, nor do the commas in {@code 1,000}, nor whether a small number is spelled out.
   */
  public static List<String> unsupported(String sentence, String source) {
    Set<String> said = wordsOf(source);
    Set<String> numbers = new HashSet<>();
    for (String piece : source.split("\\s+")) {
      numbers.add(number(piece));
    }
    List<String> missing = new ArrayList<>();
    String[] pieces = sentence.strip().split("\\s+");
    for (int i = 0; i < pieces.length; i++) {
      String piece = core(pieces[i]);
      if (piece.isEmpty() || missing.contains(piece)) {
        continue;
      }
      boolean opens = i == 0 || endsSentence(pieces[i - 1]);
      boolean unsupported =
          hasDigit(piece)
              ? !isNumberSaid(piece, numbers, said)
              : isName(piece, opens) && !said.containsAll(Words.tokens(piece));
      if (unsupported) {
        missing.add(piece);
      }
    }
    return missing;
  }

  /** How a small number is written in letters. */
  static Optional<String> spelled(String digits) {
    return Optional.ofNullable(SPELLED.get(digits));
  }

  /**
   * The words of a source, also as they read once tokenised contractions are joined and the
   * underscores of a spelled-out "T_V_" are gone.
   */
  private static Set<String> wordsOf(String source) {
    Set<String> words = new HashSet<>(Words.tokens(source));
    if (source.indexOf('_') >= 0) {
      words.addAll(Words.tokens(source.replace("_", "")));
    }
    String joined = Contractions.join(source);
    if (!joined.equals(source)) {
      words.addAll(Words.tokens(joined));
    }
    return words;
  }

  private static boolean isNumberSaid(String piece, Set<String> numbers, Set<String> said) {
    String number = number(piece);
    if (numbers.contains(number)) {
      return true;
    }
    String spelled = SPELLED.get(number);
    if (spelled != null && said.contains(spelled)) {
      return true;
    }
    // 2-3, 2024/25: every part must have been said
    List<String> parts = Words.tokens(piece);
    return parts.size() > 1 && number.indexOf('.') < 0 && said.containsAll(parts);
  }

  private static boolean isName(String word, boolean opens) {
    if (word.equals("I") || word.startsWith("I'") || word.startsWith("I’")) {
      return false;
    }
    int first = word.codePointAt(0);
    boolean capitalised = Character.isUpperCase(first) || Character.isTitleCase(first);
    return (capitalised && !opens) || word.codePoints().skip(1).anyMatch(Character::isUpperCase);
  }

  private static boolean endsSentence(String piece) {
    int end = piece.length();
    while (end > 0 && Punctuation.isCloser(piece.charAt(end - 1))) {
      end--;
    }
    return end > 0
        && (Punctuation.isTerminal(piece.charAt(end - 1)) || piece.charAt(end - 1) == ':');
  }

  /** The digits of a number as compared: no commas between them, nothing around them. */
  private static String number(String piece) {
    return core(piece).replace(",", "").toLowerCase(Locale.ROOT);
  }

  /** A piece of text from its first to its last letter or digit. */
  private static String core(String piece) {
    int begin = 0;
    int end = piece.length();
    while (begin < end && !Character.isLetterOrDigit(piece.codePointAt(begin))) {
      begin += Character.charCount(piece.codePointAt(begin));
    }
    while (end > begin && !Character.isLetterOrDigit(piece.codePointBefore(end))) {
      end -= Character.charCount(piece.codePointBefore(end));
    }
    String core = piece.substring(begin, end);
    return core.endsWith("'s") || core.endsWith("’s") ? core.substring(0, core.length() - 2) : core;
  }

  private static boolean hasDigit(String text) {
    return text.codePoints().anyMatch(Character::isDigit);
  }
}
