package io.gistream.model;

/**
 * The logarithm of the sum of the exponentials of a row of logits, which makes log-probabilities of
 * them: {@code logit - largest - of(logits, largest)}.
 *
 * <p>A row has tens of thousands of tokens and a step dozens of rows, while {@link StrictMath#exp}
 * takes tens of nanoseconds, and {@link Math#exp} may have other bits on another machine. So the
 * exponentials are made of additions and multiplications alone, which Java defines to the bit and
 * its compiler can do several of at a time: exp(x) = exp(x / 1024) ^ 1024, the inner one by its
 * series. It is not able to in a loop that also widens float to double, which is therefore one of
 * its own: with the subtraction in it the whole took more than twice as long.
 *
 * <p>Each exponential is off by less than 3e-13 of itself: nearly all of it is what 1,024 times the
 * rounding of a double makes, the rest of the series is below 1e-15. So is the sum, which is made
 * in pairs and adds some 20 roundings. Below {@link #LEAST} an exponential is taken as what it is
 * there, 1.6e-28: a million of them are less than the rounding of a sum that is at least 1.
 *
 * <p>Not thread-safe: the array is used again.
 */
final class LogSum {
  private static final double LEAST = -64;

  private final double[] terms;

  /**
   * @param tokens in a row
   */
  LogSum(int tokens) {
    terms = new double[tokens];
  }

  /** The largest of all that are not NaN; minus infinity if there is none. */
  static float largest(float[] logits) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      if (logit > largest) {
        largest = logit;
      }
    }
    return largest;
  }

  /**
   * The logarithm of the sum of exp(logit - largest), to 1e-12; NaN when a logit is NaN or plus
   * infinity, or when none is finite.
   *
   * @param logits as many as a row has
   * @param largest of them
   */
  double of(float[] logits, float largest) {
    widen(logits);
    exponentiate(largest);
    return StrictMath.log(sum());
  }

  private void widen(float[] logits) {
    for (int i = 0; i < terms.length; i++) {
      terms[i] = logits[i];
    }
  }

  private void exponentiate(double largest) {
    for (int i = 0; i < terms.length; i++) {
      double x = Math.max(terms[i] - largest, LEAST) * (1.0 / 1024); // NaN stays NaN
      double power = 1.0 / 362_880;
      power = power * x + 1.0 / 40_320;
      power = power * x + 1.0 / 5_040;
      power = power * x + 1.0 / 720;
      power = power * x + 1.0 / 120;
      power = power * x + 1.0 / 24;
      power = power * x + 1.0 / 6;
      power = power * x + 1.0 / 2;
      power = power * x + 1;
      power = power * x + 1;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      terms[i] = power;
    }
  }

  /** Adds one half to the other until one is left: few additions deep, so that little is lost. */
  private double sum() {
    int left = terms.length;
    while (left > 1) {
      int half = left / 2;
      int rest = left - half;
      for (int i = 0; i < half; i++) {
        terms[i] += terms[i + rest];
      }
      left = rest;
    }
    return terms[0];
  }
}
