package io.gistream.model;

import java.nio.FloatBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Ranks the tokens that may come next in a row. Not thread-safe: rows are read into one array. */
final class NextTokens {
  private final TokenRules rules;
  private final LogSum logSum;
  private final float[] values;

  NextTokens(TokenRules rules, int vocabulary) {
    this.rules = rules;
    this.logSum = new LogSum(vocabulary);
    this.values = new float[vocabulary];
  }

  /**
   * Log-probability of a token, whether or not a rule takes it away; 0 for one that is forced.
   *
   * <p>Parameters are those of {@link #rank}.
   */
  double logProbability(int token, int[] fed, int[] written, FloatBuffer logits, int at) {
    if (rules.forced(fed, written) != null) {
      return 0;
    }
    logits.get(at * values.length, values);
    float largest = LogSum.largest(values);
    return (double) values[token] - largest - logSum.of(values, largest);
  }

  /**
   * Offers all that may come next; nothing when a logit is NaN or plus infinity, or none is finite.
   *
   * @param best gets those that it takes
   * @param row what it is to know them by
   * @param total that they add their log-probability to
   * @param fed before the first written one, the start token included
   * @param written tokens of this segment
   * @param logits [rows, V]
   * @param at which of these rows
   */
  void rank(
      Ranking best, int row, double total, int[] fed, int[] written, FloatBuffer logits, int at) {
    @Nullable Integer forced = rules.forced(fed, written);
    if (forced != null) {
      best.offer(row, forced, 0, total);
      return;
    }
    logits.get(at * values.length, values);
    float largest = LogSum.largest(values);
    double log = logSum.of(values, largest);
    if (Double.isNaN(log)) {
      return;
    }
    BitSet banned = rules.banned(fed, written);
    banned.stream().forEach(token -> values[token] = Float.NEGATIVE_INFINITY);
    // of a larger logit the total is no smaller: nothing up to one that was not taken will be
    float refused = Float.NEGATIVE_INFINITY;
    for (int token = 0; token < values.length; token++) {
      float logit = values[token];
      if (logit > refused) {
        double own = (double) logit - largest - log;
        if (!best.offer(row, token, own, total + own)) {
          refused = logit;
        }
      }
    }
  }
}
