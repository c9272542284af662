package io.gistream.model;

/** The best so many continuations; of equals those offered first. */
final class Ranking {
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

  /**
   * Takes a continuation if it is among the best so far. Minus infinity and NaN are never taken.
   *
   * @return whether it was; if not, no smaller total will be
   */
  boolean offer(int row, int token, double logProbability, double total) {
    if (!(total > Double.NEGATIVE_INFINITY)
        || (size == totals.length && !(total > totals[size - 1]))) {
      return false;
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
    return true;
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
