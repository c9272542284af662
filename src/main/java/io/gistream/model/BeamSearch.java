package io.gistream.model;

import io.gistream.model.ModelManifest.EarlyStopping;
import io.gistream.model.ModelManifest.Generation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Beam search as {@code transformers} does it.
 *
 * <p>Every step looks at the 2 K best continuations of K beams, a continuation being worth the sum
 * of its log-probabilities. Those among the best K that end are finished, worth that sum divided by
 * length ^ {@code lengthPenalty}, the end counted in both; the best K that do not end go on. Of
 * equals the lower beam, then the lower token comes first, and who finished first.
 */
final class BeamSearch implements TextSearch {
  /**
   * A text that may go on.
   *
   * @param total sum of the log-probabilities
   */
  private record Beam(WrittenTokens written, double total) {}

  /** A text that has ended. */
  private record Finished(WrittenTokens written, double score) {}

  private final Generation generation;
  private final NextTokens next;
  private final int[] beginning;
  private final int[] from;
  private final int[] tokens;
  private final List<Finished> finished = new ArrayList<>();
  private List<Beam> open = List.of(new Beam(WrittenTokens.NONE, 0));

  /** Tokens of the open beams, those of the beginning not counted. */
  private int length;

  private boolean over;

  BeamSearch(Generation generation, NextTokens next, int[] beginning) {
    this.generation = generation;
    this.next = next;
    this.beginning = beginning;
    this.from = new int[generation.beams()];
    this.tokens = new int[generation.beams()];
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
    Ranking best = new Ranking(2 * generation.beams());
    for (int row = 0; row < open.size(); row++) {
      Beam beam = open.get(row);
      int[] written = beam.written().tokens();
      next.rank(best, row, beam.total(), beginning, written, logits, firstRow + row);
    }
    length++;
    open = part(best);
    finished.sort(Comparator.comparingDouble(Finished::score).reversed());
    if (finished.size() > generation.beams()) {
      finished.subList(generation.beams(), finished.size()).clear();
    }
    over = open.isEmpty() || noOpenOneCanWin();
    if (!over) {
      Arrays.fill(from, open.size(), from.length, from[open.size() - 1]);
      Arrays.fill(tokens, open.size(), tokens.length, tokens[open.size() - 1]);
    }
  }

  /** Notes the continuations that end and what the others are fed; returns those others. */
  private List<Beam> part(Ranking best) {
    int beams = generation.beams();
    List<Beam> goOn = new ArrayList<>(beams);
    for (int i = 0; i < best.size(); i++) {
      WrittenTokens written = open.get(best.row(i)).written();
      boolean ends = best.token(i) == generation.endOfSegment();
      if (ends || length == generation.newTokens()) {
        if (i < beams) {
          WrittenTokens whole = ends ? written : written.and(best.token(i), best.own(i));
          finished.add(new Finished(whole, score(best.total(i), length)));
        }
      } else if (goOn.size() < beams) {
        from[goOn.size()] = best.row(i);
        tokens[goOn.size()] = best.token(i);
        goOn.add(new Beam(written.and(best.token(i), best.own(i)), best.total(i)));
      }
    }
    return goOn;
  }

  private boolean noOpenOneCanWin() {
    if (finished.size() < generation.beams()) {
      return false;
    }
    EarlyStopping stopping = generation.earlyStopping();
    if (stopping == EarlyStopping.AT_ONCE) {
      return true;
    }
    boolean longerIsBetter =
        stopping == EarlyStopping.WHEN_NO_BETTER_EVER && generation.lengthPenalty() > 0;
    int furthest = longerIsBetter ? generation.newTokens() : length;
    double worst = finished.get(finished.size() - 1).score();
    return score(open.get(0).total(), furthest) <= worst;
  }

  private double score(double total, int length) {
    return total / StrictMath.pow(length, generation.lengthPenalty());
  }

  @Override
  public int[] from() {
    return from;
  }

  @Override
  public int[] tokens() {
    return tokens;
  }

  @Override
  public WrittenTokens written() {
    return finished.isEmpty() ? WrittenTokens.NONE : finished.get(0).written();
  }
}
