package io.gistream.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Removes what an English speaker broke off and said again: "th- the", "there was there was". */
final class FalseStarts {
  private static final int LONGEST_PHRASE = 4;

  /** Said twice on purpose. */
  private static final Set<String> DOUBLES =
      Words.list(
          "that had very really no yes bye many more far so long much too ha la blah yada knock"
              + " well now there hear same night wow go her ho hey please");

  private static final Set<String> NUMBERS =
      Words.list(
          "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
              + " fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty"
              + " seventy eighty ninety hundred thousand million billion double triple point");

  /** In "step by step by step" and "what is new is new" the repetition is the phrase. */
  private static final Set<String> LINKS = Set.of("and", "by", "or", "to", "after", "of", "upon");

  private static final Set<String> FUNCTION_WORDS =
      Words.list(
          "a an the and or but if of to in on at for with from by as is are was were be it this"
              + " these those i i'm i've i'd i'll we we're we've we'll you you're they they're"
              + " he he's she she's it's there's what what's who how why when where which my"
              + " your our their his can could would should will do does did have has because"
              + " not don't just then than let's let whether also maybe");

  private static final Set<String> CONTRACTED =
      Set.of("i", "you", "we", "they", "he", "she", "it", "that", "there", "what", "who", "let");

  /** Before a hyphen these are prefixes, not fragments. */
  private static final Set<String> PREFIXES =
      Set.of("co", "pre", "re", "un", "non", "pro", "sub", "bi", "tri", "ex", "de", "dis", "mis");

  /** Short words that begin longer ones without being broken off. */
  private static final Set<String> SHORT_WORDS =
      Words.list(
          "a i o x y z n ad ah am an as at be by do eh ex go ha he hi id if in is it me mr ms my no"
              + " of oh ok on or pi re so st to tv uh uk un up us vs we pm km kg cm mm gb mb kb"
              + " hz db ui ux ai ml ip pc os ma pa the for not any can out all our but one two"
              + " may her his has had was are who how now new see say use way day its let too"
              + " she you and own off old few put got get did six ten");

  /** What makes a longer word of a whole one: "work works" may be meant. */
  private static final Set<String> ENDINGS =
      Words.list(
          "s es d ed r er ers ing ings ly al y n en 's able ment ness ful less base bases line lines"
              + " time times thing body one where how how's what ever self");

  /** Behind one of these a word must follow, and a lone consonant is its beginning. */
  private static final Set<String> ANNOUNCERS =
      Words.list("the a an that's it's this these my your our we i i'm you they");

  private FalseStarts() {}

  static List<Token> drop(List<Token> tokens) {
    return dropRepetitions(dropFragments(tokens));
  }

  private static List<Token> dropFragments(List<Token> tokens) {
    List<Token> kept = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      String next = i + 1 < tokens.size() ? tokens.get(i + 1).key() : "";
      boolean last = i > 0 && i + 1 == tokens.size();
      String afterNext = i + 2 < tokens.size() ? tokens.get(i + 2).key() : "";
      if (!isFragment(token, next, afterNext)
          && !(last && isBrokenOff(token) && ANNOUNCERS.contains(tokens.get(i - 1).key()))) {
        kept.add(token);
      }
    }
    return kept;
  }

  private static boolean isFragment(Token token, String next, String afterNext) {
    String key = token.key();
    if (key.isEmpty()
        || !token.lead().isEmpty()
        || token.isAllCapitals()
        || !key.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
      return false;
    }
    boolean begins = next.length() > key.length() && next.startsWith(key);
    if (token.trail().equals("-") || token.trail().equals("-,")) {
      boolean suspended = Set.of("and", "or", "to").contains(next) || PREFIXES.contains(key);
      boolean again = next.equals(key) || (key.length() > 1 && afterNext.startsWith(key));
      return begins || again || (key.length() <= 3 && !suspended && !isWord(key));
    }
    return begins
        && token.trail().isEmpty()
        && (key.length() <= 3
            ? !token.isCapitalised() && !isWord(key)
            : !ENDINGS.contains(next.substring(key.length())));
  }

  /** "That's the d": one consonant at the end of what nobody ended. */
  private static boolean isBrokenOff(Token token) {
    return token.key().length() == 1
        && token.lead().isEmpty()
        && token.trail().isEmpty()
        && "bcdfghjlmpqrstvw".contains(token.core());
  }

  private static boolean isWord(String key) {
    return SHORT_WORDS.contains(key) || FUNCTION_WORDS.contains(key);
  }

  /** Keeps the last of several sayings in a row; what is kept never holds a repetition. */
  private static List<Token> dropRepetitions(List<Token> tokens) {
    List<Token> kept = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      kept.add(tokens.get(i));
      String next = i + 1 < tokens.size() ? tokens.get(i + 1).key() : "";
      while (dropRepetition(kept, next)) {
        // what was before may now repeat
      }
    }
    return kept;
  }

  private static boolean dropRepetition(List<Token> kept, String next) {
    for (int length = LONGEST_PHRASE; length >= 1; length--) {
      for (int dash = 0; dash <= 1; dash++) {
        int second = kept.size() - length;
        int first = second - dash - length;
        String before = first > 0 ? kept.get(first - 1).key() : "";
        if (first >= 0
            && (dash == 0 || kept.get(second - 1).isDash() || isStammer(kept.get(second - 1)))
            && isFalseStart(
                kept.subList(first, first + length),
                kept.subList(second, second + length),
                dash,
                before,
                next)) {
          kept.set(second, reopened(kept.get(first), kept.get(second)));
          kept.subList(first, second).clear();
          return true;
        }
      }
    }
    return false;
  }

  /** The "s" of "I s I see". */
  private static boolean isStammer(Token token) {
    return token.lead().isEmpty()
        && token.trail().isEmpty()
        && token.core().length() <= 2
        && !token.isCapitalised()
        && token.key().chars().allMatch(c -> c >= 'a' && c <= 'z')
        && !isWord(token.key());
  }

  /** The word said again, with what opened the first saying, and no capital of its own. */
  private static Token reopened(Token opener, Token again) {
    boolean lower = !opener.isCapitalised() && again.isCapitalised() && isFunctionWord(again.key());
    return new Token(
        again.lead().isEmpty() ? opener.lead() : again.lead(),
        lower && opener.key().equals(again.key()) ? opener.core() : again.core(),
        again.trail(),
        again.key());
  }

  private static boolean isFalseStart(
      List<Token> first, List<Token> second, int dash, String before, String next) {
    int length = first.size();
    boolean deliberate = true;
    boolean names = true;
    for (int i = 0; i < length; i++) {
      Token a = first.get(i);
      Token b = second.get(i);
      boolean same =
          a.key().equals(b.key())
              || (length == 1 && CONTRACTED.contains(a.key()) && b.key().startsWith(a.key() + "'"));
      if (a.isPunctuation() || !same || isNumber(a.key()) || !a.isOpenEnded()) {
        return false;
      }
      deliberate &= DOUBLES.contains(a.key());
      names &= a.isCapitalised() && b.isCapitalised() && !isFunctionWord(a.key());
    }
    if (deliberate || names) {
      return false;
    }
    String key = first.get(0).key();
    if (length == 1) {
      boolean set = dash > 0 || !first.get(0).trail().isEmpty();
      return !set || isFunctionWord(key);
    }
    String end = first.get(length - 1).key();
    boolean chain =
        (next.equals(key) && LINKS.contains(end))
            || (before.equals(end) && LINKS.contains(key))
            || (length == 2 && (key.equals("is") || key.equals("are")));
    return !chain;
  }

  private static boolean isFunctionWord(String key) {
    return FUNCTION_WORDS.contains(key);
  }

  private static boolean isNumber(String key) {
    return NUMBERS.contains(key) || key.codePoints().anyMatch(Character::isDigit);
  }
}
