package io.gistream.score;

/**
 * Precision, recall and their harmonic mean, each 0 to 1.
 *
 * @param precision share of the candidate that the reference has
 * @param recall share of the reference that the candidate has
 */
public record RougeScore(double precision, double recall, double f1) {
  static final RougeScore ZERO = new RougeScore(0, 0, 0);

  /**
   * F1 as 2 overlap / (candidate + reference): symmetric to the bit, and 0 without a special case.
   */
  static RougeScore of(int overlap, int candidate, int reference) {
    return overlap == 0
        ? ZERO
        : new RougeScore(
            (double) overlap / candidate,
            (double) overlap / reference,
            2.0 * overlap / (candidate + reference));
  }
}
