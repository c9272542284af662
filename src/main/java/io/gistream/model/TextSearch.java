package io.gistream.model;

import java.nio.FloatBuffer;

/**
 * One text while it is written, step by step. Who runs the decoder asks what to feed, so that one
 * step of it can serve many texts: first {@link #beginning} as one row, then a row for each of
 * {@code generation.beams} as {@link #from} and {@link #tokens} say, until the text is over.
 */
interface TextSearch {
  /** Tokens fed in the first step, in one row: the start token, and what was written before. */
  int[] beginning();

  /** Whether there is no next step. */
  boolean isOver();

  /**
   * Goes on by a token.
   *
   * @param logits [rows, V] of the tokens behind the step, those of other texts among them; neither
   *     kept nor moved
   * @param firstRow where the rows of this text begin: 1 after the first step, {@code beams} after
   *     every other
   * @throws IllegalStateException when the text is over
   */
  void advance(FloatBuffer logits, int firstRow);

  /**
   * For each row of the next step the row of the step before that it goes on from, the first of
   * this text being 0. Where fewer than {@code beams} go on, the last one is fed again in the rows
   * that are left, and what comes of those is not looked at.
   */
  int[] from();

  /** The token to feed for each row of the next step. */
  int[] tokens();

  /** What was written, once it is over. */
  WrittenTokens written();
}
