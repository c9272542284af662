package io.gistream.summary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Gives words of a generated text the capitals they have in what was said: a model with an uncased
 * vocabulary writes "peter", one that has heard only the beginning of a sentence "Budget".
 *
 * <p>A word (a run of letters, digits and apostrophes) that occurs in the source, but never as
 * written, is written as it occurs there most often away from the start of a sentence, of equals as
 * it occurs first. The start of a sentence counts only for a word that it would not make so by
 * itself: {@code NASA} and {@code iPhone}, not {@code The}. A source without a small letter, or
 * without a capital one, says nothing of casing, and nothing is changed. {@code I} stays what it
 * is.
 */
public final class Casing {
  private final Set<String> forms = new HashSet<>();
  private final Map<String, String> usual = new HashMap<>();

  private Casing() {}

  /**
   * The casing of a source.
   *
   * @param sentences as said
   */
  public static Casing of(List<String> sentences) {
    Casing casing = new Casing();
    if (sentences.stream().noneMatch(text -> text.codePoints().anyMatch(Character::isUpperCase))
        || sentences.stream()
            .noneMatch(text -> text.codePoints().anyMatch(Character::isLowerCase))) {
      return casing;
    }
    Map<String, Map<String, Integer>> inside = new HashMap<>();
    Map<String, String> atStart = new HashMap<>();
    for (String sentence : sentences) {
      boolean start = true;
      for (Run run : Run.of(sentence)) {
        if (!run.isWord()) {
          continue;
        }
        String word = run.text();
        String key = word.toLowerCase(Locale.ROOT);
        casing.forms.add(word);
        if (!start) {
          inside.computeIfAbsent(key, k -> new LinkedHashMap<>()).merge(word, 1, Integer::sum);
        } else if (word.codePoints().skip(1).anyMatch(Character::isUpperCase)) {
          atStart.putIfAbsent(key, word);
        }
        start = false;
      }
    }
    casing.usual.putAll(atStart);
    inside.forEach((key, counts) -> casing.usual.put(key, mostFrequent(counts)));
    return casing;
  }

  private static String mostFrequent(Map<String, Integer> counts) {
    String best = "";
    int most = 0;
    for (Map.Entry<String, Integer> form : counts.entrySet()) {
      if (form.getValue() > most) {
        best = form.getKey();
        most = form.getValue();
      }
    }
    return best;
  }

  /** The text, its words cased as in the source. */
  public String restore(String text) {
    StringBuilder restored = new StringBuilder(text.length());
    for (Run run : Run.of(text)) {
      restored.append(run.isWord() ? cased(run.text()) : run.text());
    }
    return restored.toString();
  }

  private String cased(String word) {
    if (forms.contains(word) || isPronoun(word)) {
      return word;
    }
    return usual.getOrDefault(word.toLowerCase(Locale.ROOT), word);
  }

  private static boolean isPronoun(String word) {
    return word.equals("I") || word.startsWith("I'") || word.startsWith("I’");
  }

  /** A word, or what stands between two. */
  private record Run(String text, boolean isWord) {
    static List<Run> of(String text) {
      List<Run> runs = new ArrayList<>();
      int begin = 0;
      boolean word = false;
      for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
        codePoint = text.codePointAt(i);
        boolean letter = Character.isLetterOrDigit(codePoint) || Words.isMark(codePoint);
        boolean inside = letter || (word && isApostropheInside(text, i));
        if (inside != word && i > begin) {
          runs.add(new Run(text.substring(begin, i), word));
          begin = i;
        }
        word = inside;
      }
      if (begin < text.length()) {
        runs.add(new Run(text.substring(begin), word));
      }
      return runs;
    }

    private static boolean isApostropheInside(String text, int i) {
      return (text.charAt(i) == '\'' || text.charAt(i) == '’')
          && i + 1 < text.length()
          && Character.isLetterOrDigit(text.codePointAt(i + 1));
    }
  }
}
