package io.gistream.model;

import io.gistream.model.ModelManifest.Generation;
import java.nio.FloatBuffer;

/** Takes the best token each time, of equals the lowest. */
final class GreedySearch implements TextSearch {
  private static final int[] THE_ONLY_ROW = {0};

  private final Generation generation;
  private final NextTokens next;
  private final int[] beginning;
  private WrittenTokens written = WrittenTokens.NONE;
  private int[] tokens = {};
  private boolean over;

  GreedySearch(Generation generation, NextTokens next, int[] beginning) {
    this.generation = generation;
    this.next = next;
    this.beginning = beginning;
  }

  @Override
  public int[] beginning() {
    return beginning;
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void advance(FloatBuffer logits, int firstRow) {
    if (over) {
      throw new IllegalStateException("the text is over");
    }
    Ranking best = new Ranking(1);
    next.rank(best, 0, 0, beginning, written.tokens(), logits, firstRow);
    if (best.size() == 0 || best.token(0) == generation.endOfSegment()) {
      over = true;
      return;
    }
    written = written.and(best.token(0), best.own(0));
    tokens = new int[] {best.token(0)};
    over = written.tokens().length == generation.newTokens();
  }

  @Override
  public int[] from() {
    return THE_ONLY_ROW;
  }

  @Override
  public int[] tokens() {
    return tokens;
  }

  @Override
  public WrittenTokens written() {
    return written;
  }
}
