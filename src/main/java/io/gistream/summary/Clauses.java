package io.gistream.summary;

import java.util.List;
import java.util.Set;

/**
 * Tells whether an English sentence has a clause of its own: a subject pronoun or a finite verb
 * that no "that", "which" or "because" has taken for a subordinate one.
 *
 * <p>Works on the lower-cased words and the marks between them. Mirrored in {@code
 * srformer/statements.py}.
 */
final class Clauses {
  /** What a sentence may begin with before it begins. */
  private static final Set<String> CONNECTIVES = Words.list("and but so or then also well now");

  static final Set<String> SUBJECTS = Words.list("i we you they he she it");

  /**
   * Finite verbs that are hardly ever anything else, or what is left of them behind an apostrophe.
   */
  static final Set<String> AUXILIARIES =
      Words.list(
          "am is are was were has have had do does did will would can could should shall may"
              + " might must cannot need needs want wants let re ve ll d m t");

  /** Behind these an "s" is a verb; behind a name it is a genitive. */
  private static final Set<String> CONTRACTED =
      Words.list(
          "it that there he she what who here let where this how everything everybody everyone"
              + " somebody someone nobody nothing");

  /** They are verbs behind a pronoun, and "t" behind "don", but no part of "R&D". */
  private static final Set<String> REMNANTS = Set.of("d", "m", "ll", "ve", "re", "t");

  /** Before one of these, or before a word in -ing, it is a verb even behind a name. */
  private static final Set<String> BEHIND_GENITIVE = Words.list("a the not going gonna been got");

  /** Finite verbs, behind their subject. */
  static final Set<String> VERBS =
      Words.list(
          "said says means meant made makes went goes took takes got gets came comes gave gives"
              + " told saw felt became began brought wrote lost paid ran led held sent built"
              + " showed shows sold won spoke thought thinks knew knows works worked looks looked"
              + " seems seemed includes included depends requires required happens happened"
              + " exists contains allows causes caused helps helped supports remains stays"
              + " becomes appears uses agreed decided proposed asked announced suggested wanted"
              + " needed started stopped moved died broke fell grew rose expects plans hopes"
              + " believes found");

  /** Words in -ed that are seldom the verb of a sentence. */
  private static final Set<String> NO_VERBS =
      Words.list(
          "based related called named compared combined united limited advanced detailed indeed"
              + " hundred speed feed need seed embed supposed");

  /** Behind one of these a word is no verb. */
  private static final Set<String> DETERMINERS =
      Words.list(
          "the a an my your his her our their its this these those no any some every each another"
              + " to of in on for with from by and or");

  /** Open a subordinate clause: the subject or verb next to one is that clause's. */
  private static final Set<String> LINKS =
      Words.list(
          "that which who what whose where when how why whether if because while although though"
              + " since unless until as after before than once");

  /** Behind them "that" is a pronoun. */
  private static final Set<String> PREPOSITIONS =
      Words.list(
          "after before in of on with for from by to at about than like since during under over");

  /** A sentence that begins with one needs another clause. */
  private static final Set<String> OPENERS =
      Words.list(
          "how which who whose where if because when while although though unless whether why once");

  /** Subjects that are objects as well. */
  private static final Set<String> OBJECTS = Set.of("it", "you");

  private Clauses() {}

  /** Where a sentence begins behind its "and so". */
  static int first(List<String> words) {
    int at = 0;
    while (at < words.size() - 1 && CONNECTIVES.contains(words.get(at))) {
      at++;
    }
    return at;
  }

  static boolean hasMain(List<String> words) {
    int first = first(words);
    boolean owed = !words.isEmpty() && isSubordinate(words.get(first), word(words, first + 1));
    int clauses = 0;
    for (int at = first; at < words.size(); at++) {
      String word = words.get(at);
      String before = at > first ? words.get(at - 1) : "";
      String after = word(words, at + 1);
      if (word.equals(",") && owed) {
        owed = false;
        clauses = 0;
      }
      boolean pronoun =
          before.equals("that") && at > first + 1 && PREPOSITIONS.contains(words.get(at - 2));
      boolean linked = LINKS.contains(before) && !pronoun;
      if (OBJECTS.contains(word) && (PREPOSITIONS.contains(before) || before.endsWith("ing"))) {
        continue;
      }
      if (SUBJECTS.contains(word)) {
        if (!linked) {
          clauses++;
        } else if (clauses == 0) {
          owed = false;
        }
        if (linked || AUXILIARIES.contains(after) || after.equals("s")) {
          at++; // its verb
        }
      } else if (at > first && isFinite(word, before, after, linked, at - first == 1)) {
        clauses++;
      }
    }
    return clauses > (owed ? 1 : 0);
  }

  /** Whether a sentence with this beginning needs another clause: "Because…", "That the…". */
  private static boolean isSubordinate(String first, String second) {
    return OPENERS.contains(first) || (first.equals("that") && DETERMINERS.contains(second));
  }

  private static String word(List<String> words, int at) {
    return at < words.size() ? words.get(at) : "";
  }

  /** Whether a word is a verb that makes a clause; {@code second}: of the sentence. */
  private static boolean isFinite(
      String word, String before, String after, boolean linked, boolean second) {
    if (before.equals("to")) {
      return false;
    }
    boolean torn = CONTRACTED.contains(before) || (word.equals("t") && before.endsWith("n"));
    if (REMNANTS.contains(word) && !torn) {
      return false;
    }
    boolean pointed = before.equals("that") && second;
    if (AUXILIARIES.contains(word)) {
      return !linked || before.equals("what") || pointed;
    }
    if (word.equals("s")) {
      return CONTRACTED.contains(before)
          || BEHIND_GENITIVE.contains(after)
          || after.endsWith("ing");
    }
    if (linked && !pointed) {
      return false;
    }
    boolean between =
        isWord(after) && !after.equals("by") && isWord(before) && !DETERMINERS.contains(before);
    if (VERBS.contains(word)) {
      return between;
    }
    return between
        && word.endsWith("ed")
        && word.codePointCount(0, word.length()) > 4
        && !NO_VERBS.contains(word)
        && !AUXILIARIES.contains(before)
        && !before.endsWith("ly")
        && !PREPOSITIONS.contains(after)
        && !after.equals("as");
  }

  private static boolean isWord(String token) {
    return !token.isEmpty() && Character.isLetterOrDigit(token.codePointAt(0));
  }
}
