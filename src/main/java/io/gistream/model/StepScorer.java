package io.gistream.model;

import java.nio.FloatBuffer;

/**
 * A decoder in the middle of a text, or of several that began alike: one row each. {@code V} is
 * {@code dims.vocabulary}. What is returned is read before the next call, which overwrites it.
 */
interface StepScorer {
  /**
   * Begins a text.
   *
   * @param tokens fed in one step, 1 or more
   * @return logits [1, V] of the token behind them
   */
  FloatBuffer first(int[] tokens);

  /**
   * Feeds one more token to each row.
   *
   * @param from for each row the row of the step before that it goes on from
   * @param tokens one for each row
   * @return logits [rows, V] of the token behind them
   */
  FloatBuffer next(int[] from, int[] tokens);
}
