package io.gistream.summary;

import java.util.List;

/**
 * Makes a spoken sentence fit to be read, by rule.
 *
 * <p>In any language: markup, notes on sounds and control characters are removed, punctuation torn
 * off by tokenisers is put back, the first letter is capitalised, and the sentence ends with a
 * terminal mark. In English: fillers, parentheticals ("you know,"), false starts, repetitions,
 * opening particles and what was broken off at either end are removed too. Nothing is added but a
 * full stop, and no word is changed but for capitals.
 *
 * <p>Idempotent: {@code of(of(x))} equals {@code of(x)}.
 */
public final class DisplayText {
  /** Two passes do; more are for text made to nest what is removed. */
  private static final int MOST_PASSES = 12;

  private DisplayText() {}

  /** The sentence as shown; empty when nothing but fillers was said. */
  public static String of(String spoken) {
    String text = spoken;
    for (int i = 0; i < MOST_PASSES; i++) {
      String shorter = pass(text);
      if (shorter.equals(text)) {
        return text;
      }
      text = shorter;
    }
    return text;
  }

  private static String pass(String text) {
    List<Token> tokens = Token.of(Contractions.join(Markup.strip(text)));
    English english = English.of(tokens);
    tokens = Spacing.repair(tokens, english);
    tokens = Fillers.drop(tokens, english);
    if (english == English.YES) {
      tokens = FalseStarts.drop(tokens);
      tokens = BrokenOff.dropAbandoned(tokens);
      tokens = Fillers.dropLeads(tokens);
      tokens = BrokenOff.dropDangling(tokens);
      tokens = Edges.capitalisePronoun(tokens);
    }
    return Edges.finish(tokens);
  }
}
