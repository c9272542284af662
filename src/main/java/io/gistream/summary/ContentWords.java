package io.gistream.summary;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The words that carry the content of a text: its lower-cased runs of letters and digits without
 * English function words and what only speech is full of.
 */
public final class ContentWords {
  private static final Set<String> STOP_WORDS =
      Words.list(
          "a about after again all also am an and any are as at be because been before being but"
              + " by can could d did do does doing don down for from get go going gonna got"
              + " had has have having he her here him his how i if in into is it its just kind"
              + " know let like ll m maybe me mean mm more my no not now of off oh ok okay on"
              + " one only or other our out over really re right s say see she should so some"
              + " something sort t than that the their them then there these they thing things"
              + " think this those to too uh um up us ve very want was we well were what when"
              + " where which who why will with would yeah yes you your");

  private ContentWords() {}

  /** The content words of a text, each once, in order of appearance. Unmodifiable. */
  public static Set<String> of(String text) {
    Set<String> words = new LinkedHashSet<>(Words.tokens(text));
    words.removeAll(STOP_WORDS);
    return Collections.unmodifiableSet(words);
  }
}
