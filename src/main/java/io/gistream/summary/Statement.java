package io.gistream.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the sentences that state something from those that leave a reader with nothing: questions,
 * what was broken off or garbled, fragments without a clause of their own, greetings and thanks.
 *
 * <p>By English function words; where there are none, no sentence is a statement and all are worth
 * the same. Mirrored in {@code srformer/statements.py}.
 */
final class Statement {
  /** A greeting with at least so much more to say is more than a greeting. */
  private static final int SUBSTANCE = 3;

  private static final String CLOSERS = "\"”’')]» ";
  private static final Pattern WORD_OR_MARK = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+|[,;:.!?…–—]");

  private static final Set<String> ASKING = Words.list("what which who where when why how whose");

  private static final Set<String> ASKED =
      Words.list("is are was were do does did can could will would should shall have has had am");

  private static final Set<String> ADDRESSED =
      Words.list(
          "i we you they he she it there that this these those the any anybody anyone anything"
              + " everybody everyone your our my");

  private static final Set<String> ARTICLES = Words.list("the a an my your our their");

  private static final Set<String> AFTER_NO_ARTICLE =
      Words.list(
          "the a an i we you he she they it is are was were am be been has have had will would"
              + " can could should must of at in on for from with by to and but or if because"
              + " my your our their its this these those there");

  private static final Set<String> SURE_SUBJECTS = Words.list("i we they he she");

  private static final Set<String> AFTER_NO_SUBJECT =
      Words.list(
          "the a an of at in on for from with about by into this these those my your our their"
              + " his its is i we you they he she it it's");

  private static final Set<String> BE_FORMS = Words.list("am are was were");

  private static final Set<String> CONTRACTIONS =
      Words.list("it's i'm we're they're you're he's she's there's i'll we'll they'll");

  private static final Set<String> COURTESIES =
      Words.list(
          "thank thanks hello hi hey welcome good morning afternoon evening day everyone everybody"
              + " guys folks bye goodbye please sorry cheers great awesome perfect wonderful"
              + " fantastic excellent nice cool sure absolutely exactly fine appreciate"
              + " appreciated much indeed lot mr mrs ms chair sir madam ladies gentlemen");

  private static final Set<String> GREETINGS =
      Words.list(
          "thank thanks hello hi hey welcome morning afternoon evening bye goodbye sorry cheers"
              + " appreciate appreciated");

  /** At the head of a sentence they stand for something said before. */
  private static final Set<String> POINTERS = Words.list("it he she they that these those");

  private static final Set<String> ADVERBS =
      Words.list("s just also really only still always probably actually basically");

  private Statement() {}

  /** Whether a sentence, as shown, states something. */
  static boolean is(String text) {
    List<String> words = wordsAndMarks(text);
    return !isBrokenOff(text)
        && !isQuestion(text, words)
        && Clauses.hasMain(words)
        && !isGarbled(text)
        && !isCourtesy(text);
  }

  /** Whether the speaker, or who wrote it down, left it open: "They'll be…". */
  static boolean isBrokenOff(String text) {
    String ending = ending(text);
    return ending.endsWith("…") || ending.endsWith("...");
  }

  /** Whether it begins with a pronoun whose noun is in another sentence: "It was merged." */
  static boolean isUnresolved(String text) {
    List<String> words = wordsAndMarks(text);
    int first = Clauses.first(words);
    if (first >= words.size() || !POINTERS.contains(words.get(first))) {
      return false;
    }
    String next = word(words, first + 1);
    return Clauses.SUBJECTS.contains(words.get(first))
        || Clauses.AUXILIARIES.contains(next)
        || Clauses.VERBS.contains(next)
        || ADVERBS.contains(next);
  }

  private static List<String> wordsAndMarks(String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = WORD_OR_MARK.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static String word(List<String> words, int at) {
    return at < words.size() ? words.get(at) : "";
  }

  /** The text up to its terminal mark. */
  private static String ending(String text) {
    int end = text.length();
    while (end > 0 && CLOSERS.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  /** With its mark or without: "What are your experiences." */
  private static boolean isQuestion(String text, List<String> words) {
    if (ending(text).endsWith("?")) {
      return true;
    }
    int at = Clauses.first(words);
    boolean asked = ASKED.contains(word(words, at)) && ADDRESSED.contains(word(words, at + 1));
    return asked
        || (ASKING.contains(word(words, at))
            && ASKED.contains(word(words, at + 1))
            && ADDRESSED.contains(word(words, at + 2)));
  }

  /** Two words in a row that nobody writes so, without a mark between: "the we will", "I this". */
  private static boolean isGarbled(String text) {
    String before = "";
    for (String token : text.replace('’', '\'').trim().split("\\s+")) {
      boolean name =
          token.length() > 1
              && token.equals(token.toUpperCase(Locale.ROOT))
              && !token.equals(token.toLowerCase(Locale.ROOT));
      String word = name ? token : token.toLowerCase(Locale.ROOT);
      if ((ARTICLES.contains(before) && AFTER_NO_ARTICLE.contains(word))
          || (SURE_SUBJECTS.contains(before) && AFTER_NO_SUBJECT.contains(word))
          || (BE_FORMS.contains(before) && CONTRACTIONS.contains(word))) {
        return true;
      }
      before = word;
    }
    return false;
  }

  private static boolean isCourtesy(String text) {
    Set<String> content = ContentWords.of(text);
    long substance = content.stream().filter(word -> !COURTESIES.contains(word)).count();
    boolean greets = content.stream().anyMatch(GREETINGS::contains);
    return substance < content.size() && substance < (greets ? SUBSTANCE : 2);
  }
}
