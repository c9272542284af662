package io.gistream.summary;

import java.util.Locale;
import java.util.Set;

/** Tells the full stop of an abbreviation, an initial or a list number from that of a sentence. */
final class Abbreviations {
  /** Never the last word of a sentence. */
  private static final Set<String> OPEN =
      Set.of(
          "mr", "mrs", "ms", "mx", "dr", "drs", "prof", "st", "rev", "hon", "messrs", "capt", "sgt",
          "lt", "vs", "e.g", "i.e", "eg", "ie", "cf", "viz", "approx", "dept", "resp", "incl");

  /** As {@link #OPEN}, but words of their own when not capitalised. */
  private static final Set<String> OPEN_CAPITALISED =
      Set.of("Gov", "Sen", "Rep", "Gen", "Col", "Mt", "Fr", "Sr", "Pres", "Supt");

  /** Abbreviations only before a number. */
  private static final Set<String> BEFORE_NUMBER =
      Set.of(
          "no", "nos", "fig", "figs", "vol", "p", "pp", "sec", "ch", "art", "eq", "app", "para",
          "ver");

  /** May end a sentence, and then the next one begins with a word of {@link #STARTERS}. */
  private static final Set<String> EITHER =
      Set.of("etc", "inc", "ltd", "co", "corp", "llc", "jr", "bros", "al", "est", "dist");

  private static final Set<String> STARTERS =
      Set.of(
          "A", "After", "All", "Also", "And", "Are", "As", "At", "But", "Can", "Did", "Do", "Does",
          "For", "He", "Here", "How", "I", "If", "In", "Is", "It", "It's", "Let", "Let's", "Maybe",
          "My", "Next", "No", "Now", "Okay", "On", "Or", "Our", "She", "So", "That", "That's",
          "The", "Then", "There", "These", "They", "This", "Those", "To", "Was", "We", "We'll",
          "Well", "Were", "What", "When", "Where", "Which", "Who", "Why", "Will", "With", "Yeah",
          "Yes", "You", "Your");

  private Abbreviations() {}

  /**
   * Whether the full stop behind {@code word} most likely belongs to the word.
   *
   * @param word what stands before the full stop, without opening brackets and quotes
   * @param opens whether it is the first word of its sentence
   * @param next what follows after white space; empty at the end of the utterance
   */
  static boolean keepsStop(String word, boolean opens, String next) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (OPEN.contains(lower) || OPEN_CAPITALISED.contains(word)) {
      return true;
    }
    if (next.isEmpty()) {
      return false;
    }
    if (BEFORE_NUMBER.contains(lower) && Character.isDigit(next.codePointAt(0))) {
      return true;
    }
    if (opens && isListNumber(word)) {
      return true;
    }
    return (EITHER.contains(lower) || isInitial(word) || isDotted(word))
        && !STARTERS.contains(next);
  }

  /** Whether the word is one that is written with a full stop inside or behind it. */
  static boolean isKnown(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return OPEN.contains(lower)
        || OPEN_CAPITALISED.contains(word)
        || EITHER.contains(lower)
        || isInitial(word)
        || isDotted(word);
  }

  private static boolean isInitial(String word) {
    return !word.equals("I")
        && word.codePointCount(0, word.length()) == 1
        && Character.isUpperCase(word.codePointAt(0));
  }

  /** U.S, p.m, Ph.D: one or two letters between full stops. */
  private static boolean isDotted(String word) {
    if (word.length() < 3 || word.length() > 12 || word.indexOf('.') < 0) {
      return false;
    }
    for (String part : word.split("\\.", -1)) {
      if (part.isEmpty() || part.length() > 2 || !part.codePoints().allMatch(Character::isLetter)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isListNumber(String word) {
    return word.length() <= 2 && !word.isEmpty() && word.codePoints().allMatch(Character::isDigit);
  }
}
