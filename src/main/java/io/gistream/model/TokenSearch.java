package io.gistream.model;

import io.gistream.model.ModelManifest.EarlyStopping;
import io.gistream.model.ModelManifest.Generation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a decoder would write: the best token each time, or beam search as {@code
 * transformers} does it.
 *
 * <p>Every step of beam search looks at the 2 K best continuations of K beams, a continuation being
 * worth the sum of its log-probabilities. Those among the best K that end are finished, worth that
 * sum divided by length ^ {@code lengthPenalty}, the end counted in both; the best K that do not
 * end go on. Rules take tokens away and leave the others' probabilities as they are. Of equals the
 * lower beam, then the lower token comes first, and who finished first.
 *
 * <p>Sums are made in double by {@link StrictMath}: the same logits give the same text on every
 * machine.
 */
final class TokenSearch {
  private final Generation generation;
  private final TokenRules rules;
  private final int vocabulary;

  TokenSearch(Generation generation, int vocabulary) {
    this.generation = generation;
    this.rules = new TokenRules(generation);
    this.vocabulary = vocabulary;
  }

  /**
   * What a segment adds.
   *
   * @param before the last tokens that the stream has written
   * @param decoder at its beginning
   */
  WrittenTokens write(int[] before, StepScorer decoder) {
    int[] fed = new int[before.length + 1];
    fed[0] = generation.start();
    System.arraycopy(before, 0, fed, 1, before.length);
    return generation.beams() == 1 ? greedily(before, fed, decoder) : byBeams(before, fed, decoder);
  }

  private WrittenTokens greedily(int[] before, int[] fed, StepScorer decoder) {
    WrittenTokens written = WrittenTokens.NONE;
    FloatBuffer logits = decoder.first(fed);
    while (true) {
      Ranking best = new Ranking(1);
      rank(best, 0, 0, before, fed, written.tokens(), logits);
      if (best.size() == 0 || best.token(0) == generation.endOfSegment()) {
        return written;
      }
      written = written.and(best.token(0), best.own(0));
      if (written.tokens().length == generation.newTokens()) {
        return written;
      }
      logits = decoder.next(new int[] {0}, new int[] {best.token(0)});
    }
  }

  /**
   * A text that may go on.
   *
   * @param total sum of the log-probabilities
   */
  private record Beam(WrittenTokens written, double total) {}

  /** A text that has ended. */
  private record Finished(WrittenTokens written, double score) {}

  private WrittenTokens byBeams(int[] before, int[] fed, StepScorer decoder) {
    int beams = generation.beams();
    List<Beam> running = List.of(new Beam(WrittenTokens.NONE, 0));
    List<Finished> finished = new ArrayList<>();
    FloatBuffer logits = decoder.first(fed);
    for (int length = 1; length <= generation.newTokens(); length++) {
      Ranking best = new Ranking(2 * beams);
      for (int row = 0; row < running.size(); row++) {
        Beam beam = running.get(row);
        rank(best, row, beam.total(), before, fed, beam.written().tokens(), logits);
      }
      List<Beam> open = new ArrayList<>(beams);
      int[] from = new int[Math.min(beams, best.size())];
      int[] tokens = new int[from.length];
      for (int i = 0; i < best.size(); i++) {
        WrittenTokens written = running.get(best.row(i)).written();
        boolean ends = best.token(i) == generation.endOfSegment();
        if (ends || length == generation.newTokens()) {
          if (i < beams) {
            WrittenTokens whole = ends ? written : written.and(best.token(i), best.own(i));
            finished.add(new Finished(whole, score(best.total(i), length)));
          }
        } else if (open.size() < beams) {
          from[open.size()] = best.row(i);
          tokens[open.size()] = best.token(i);
          open.add(new Beam(written.and(best.token(i), best.own(i)), best.total(i)));
        }
      }
      finished.sort(Comparator.comparingDouble(Finished::score).reversed());
      if (finished.size() > beams) {
        finished.subList(beams, finished.size()).clear();
      }
      if (open.isEmpty() || isOver(finished, open.get(0), length)) {
        break;
      }
      running = open;
      logits = decoder.next(Arrays.copyOf(from, open.size()), Arrays.copyOf(tokens, open.size()));
    }
    return finished.isEmpty() ? WrittenTokens.NONE : finished.get(0).written();
  }

  private boolean isOver(List<Finished> finished, Beam bestOpen, int length) {
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
    return score(bestOpen.total(), furthest) <= worst;
  }

  private double score(double total, int length) {
    return total / StrictMath.pow(length, generation.lengthPenalty());
  }

  /** Ranks all that may come next in one row. */
  private void rank(
      Ranking best,
      int row,
      double total,
      int[] before,
      int[] fed,
      int[] written,
      FloatBuffer logits) {
    @Nullable Integer forced = rules.forced(before, written);
    if (forced != null) {
      best.offer(row, forced, 0, total);
      return;
    }
    BitSet banned = rules.banned(fed, written);
    int at = row * vocabulary;
    double largest = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < vocabulary; token++) {
      largest = Math.max(largest, logits.get(at + token));
    }
    double sum = 0;
    for (int token = 0; token < vocabulary; token++) {
      sum += StrictMath.exp(logits.get(at + token) - largest);
    }
    double log = StrictMath.log(sum);
    for (int token = 0; token < vocabulary; token++) {
      if (!banned.get(token)) {
        double own = logits.get(at + token) - largest - log;
        best.offer(row, token, own, total + own);
      }
    }
  }

  /** The best so many continuations; of equals those offered first. */
  private static final class Ranking {
    private final int[] rows;
    private final int[] tokens;
    private final double[] own;
    private final double[] totals;
    private int size;

    Ranking(int most) {
      rows = new int[most];
      tokens = new int[most];
      own = new double[most];
      totals = new double[most];
    }

    /** Minus infinity and NaN are never taken. */
    void offer(int row, int token, double logProbability, double total) {
      if (!(total > Double.NEGATIVE_INFINITY)
          || (size == totals.length && !(total > totals[size - 1]))) {
        return;
      }
      int at = size < totals.length ? size++ : size - 1;
      for (; at > 0 && total > totals[at - 1]; at--) {
        rows[at] = rows[at - 1];
        tokens[at] = tokens[at - 1];
        own[at] = own[at - 1];
        totals[at] = totals[at - 1];
      }
      rows[at] = row;
      tokens[at] = token;
      own[at] = logProbability;
      totals[at] = total;
    }

    int size() {
      return size;
    }

    int row(int rank) {
      return rows[rank];
    }

    int token(int rank) {
      return tokens[rank];
    }

    /** Log-probability of the token alone. */
    double own(int rank) {
      return own[rank];
    }

    double total(int rank) {
      return totals[rank];
    }
  }
}
