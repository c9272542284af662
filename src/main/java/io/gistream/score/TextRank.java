package io.gistream.score;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Baseline: the sentences that are most like the others (Mihalcea and Tarau, <i>TextRank: Bringing
 * Order into Texts</i>, 2004), with the cosine of sentence vectors for their similarity.
 *
 * <pre>
 *   w_ij = max(0, v_i . v_j),  w_ii = 0,  W_j = sum_i w_ij
 *   s_i  = (1 - d) / n + d * (sum_j s_j w_ij / W_j + sum over j with W_j = 0 of s_j / n),   d = 0.85
 * </pre>
 *
 * Iterated from s = 1/n until the scores together move by less than 1e-6, at most 100 times. The
 * weights are kept as one triangle of n (n - 1) / 2 floats: 18 MB for 3,000 sentences.
 */
final class TextRank {
  private static final double DAMPING = 0.85;
  private static final double TOLERANCE = 1e-6;
  private static final int MOST_ITERATIONS = 100;

  /** Where the triangle takes 512 MB. */
  private static final int MOST_SENTENCES = 16_384;

  /** Sentences whose vectors stay in the processor's cache while others are compared with them. */
  private static final int BLOCK = 512;

  private TextRank() {}

  static String summarize(List<String> sentences, List<float[]> vectors, int budgetWords) {
    if (sentences.size() != vectors.size()) {
      throw new IllegalArgumentException(
          sentences.size() + " sentences were encoded to " + vectors.size() + " vectors");
    }
    double[] scores = scores(vectors);
    // a stable sort: of equal scores the earlier sentence comes first
    var preference =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .toList();
    return Extract.of(sentences, preference, budgetWords);
  }

  /** The scores s_i; they sum to 1. */
  static double[] scores(List<float[]> vectors) {
    int n = vectors.size();
    if (n == 0) {
      return new double[0];
    }
    float[] weights = weights(vectors);
    double[] totals = totals(weights, n);
    double[] scores = new double[n];
    Arrays.fill(scores, 1.0 / n);
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      double[] next = step(scores, weights, totals);
      double moved = 0;
      for (int i = 0; i < n; i++) {
        moved += Math.abs(next[i] - scores[i]);
      }
      scores = next;
      if (moved < TOLERANCE) {
        break;
      }
    }
    return scores;
  }

  private static double[] step(double[] scores, float[] weights, double[] totals) {
    int n = scores.length;
    double[] share = new double[n];
    double stranded = 0;
    for (int j = 0; j < n; j++) {
      if (totals[j] > 0) {
        share[j] = scores[j] / totals[j];
      } else {
        stranded += scores[j];
      }
    }
    double[] next = new double[n];
    int at = 0;
    for (int i = 1; i < n; i++) {
      double sum = 0;
      double given = share[i];
      for (int j = 0; j < i; j++) {
        float weight = weights[at++];
        sum += weight * share[j];
        next[j] += weight * given;
      }
      next[i] += sum;
    }
    for (int i = 0; i < n; i++) {
      next[i] = (1 - DAMPING) / n + DAMPING * (next[i] + stranded / n);
    }
    return next;
  }

  private static double[] totals(float[] weights, int n) {
    double[] totals = new double[n];
    int at = 0;
    for (int i = 1; i < n; i++) {
      for (int j = 0; j < i; j++) {
        float weight = weights[at++];
        totals[i] += weight;
        totals[j] += weight;
      }
    }
    return totals;
  }

  /** w_ij for j below i, row after row. */
  private static float[] weights(List<float[]> vectors) {
    int n = vectors.size();
    if (n > MOST_SENTENCES) {
      throw new IllegalArgumentException(
          "TextRank compares each sentence with each other and takes at most "
              + MOST_SENTENCES
              + " of them, this transcript has "
              + n
              + "; score it without TextRank");
    }
    float[][] rows = vectors.toArray(float[][]::new);
    for (int i = 0; i < n; i++) {
      check(rows[i], rows[0].length, i);
    }
    float[][] columns = transposed(rows);
    float[] weights = new float[n * (n - 1) / 2];
    for (int from = 0; from < n; from += BLOCK) {
      for (int i = from + 1; i < n; i++) {
        int at = i * (i - 1) / 2 + from;
        int length = Math.min(BLOCK, i - from);
        for (int k = 0; k < columns.length; k++) {
          addScaled(weights, at, columns[k], from, length, rows[i][k]);
        }
      }
    }
    for (int at = 0; at < weights.length; at++) {
      weights[at] = Math.max(0, weights[at]);
    }
    return weights;
  }

  /** A loop without a dependency from one turn to the next, which the JVM does eight at a time. */
  private static void addScaled(
      float[] sums, int at, float[] column, int from, int length, float factor) {
    for (int j = 0; j < length; j++) {
      sums[at + j] += factor * column[from + j];
    }
  }

  private static float[][] transposed(float[][] rows) {
    float[][] columns = new float[rows[0].length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < columns.length; k++) {
        columns[k][i] = rows[i][k];
      }
    }
    return columns;
  }

  private static void check(float[] vector, int length, int index) {
    if (vector.length != length) {
      throw new IllegalArgumentException(
          "The vector of sentence "
              + index
              + " has "
              + vector.length
              + " numbers, the first one has "
              + length);
    }
    for (float x : vector) {
      if (!Float.isFinite(x)) {
        throw new IllegalArgumentException("The vector of sentence " + index + " has a " + x);
      }
    }
  }
}
