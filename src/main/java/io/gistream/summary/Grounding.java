package io.gistream.summary;

/** How far a sentence is supported by what it cites. */
public final class Grounding {
  private Grounding() {}

  /**
   * Share of the sentence's words that occur in the source, 0 to 1; 1 for a sentence without words.
   */
  public static float share(String sentence, String source) {
    throw new UnsupportedOperationException();
  }
}
