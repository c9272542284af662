package io.gistream.model;

import java.nio.FloatBuffer;

/** A text that is known before: the decoder only says how probable each of its tokens is. */
final class GivenText implements TextSearch {
  private static final int[] THE_ONLY_ROW = {0};

  private final NextTokens next;
  private final int[] beginning;
  private final int[] given;
  private WrittenTokens written = WrittenTokens.NONE;

  /**
   * @param given the tokens, without the one that ends a segment
   */
  GivenText(NextTokens next, int[] beginning, int[] given) {
    this.next = next;
    this.beginning = beginning;
    this.given = given;
  }

  @Override
  public int[] beginning() {
    return beginning;
  }

  @Override
  public boolean isOver() {
    return written.tokens().length == given.length;
  }

  @Override
  public void advance(FloatBuffer logits, int firstRow) {
    if (isOver()) {
      throw new IllegalStateException("the text is over");
    }
    int token = given[written.tokens().length];
    double logProbability =
        next.logProbability(token, beginning, written.tokens(), logits, firstRow);
    written = written.and(token, logProbability);
  }

  @Override
  public int[] from() {
    return THE_ONLY_ROW;
  }

  @Override
  public int[] tokens() {
    return new int[] {given[written.tokens().length - 1]};
  }

  @Override
  public WrittenTokens written() {
    return written;
  }
}
