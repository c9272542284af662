package io.gistream.model;

import java.util.List;

/** What the model made of a {@link Read}: a value for each sentence said, or a text of its own. */
public sealed interface Reading {
  /** The memory after the segment when a fold was asked for, else the one before. */
  Memory memory();

  /**
   * What each sentence of the segment is worth.
   *
   * @param salience one logit for each sentence, the higher the more worth keeping
   */
  // never compared
  @SuppressWarnings("ArrayRecordComponent")
  record Scored(float[] salience, Memory memory) implements Reading {}

  /**
   * What the segment adds to the summary, in the model's words.
   *
   * @param text may be empty, or hold several sentences
   * @param tokens of the text, in order
   */
  record Written(String text, List<Token> tokens, Memory memory) implements Reading {}

  /**
   * A token written.
   *
   * @param id in the model's vocabulary
   * @param end where its characters end in the text
   * @param logProbability natural logarithm, given all before it; 0 for one that was forced
   */
  record Token(int id, int end, double logProbability) {}
}
