package io.gistream.bench;

import java.util.Arrays;

/** What is said of several measurements of one thing. */
public final class Statistics {
  private Statistics() {}

  /** The middle value, the mean of the two middle ones of an even number. */
  public static double median(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("The median of no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** How many times as large as the baseline a value is; NaN for a baseline of 0. */
  public static double ratio(double value, double baseline) {
    return baseline == 0 ? Double.NaN : value / baseline;
  }
}
