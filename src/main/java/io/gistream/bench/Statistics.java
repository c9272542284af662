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

  /** Slope of the straight line through points by least squares; NaN when they share one x. */
  public static double slope(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(Double.NaN);
    double meanY = Arrays.stream(y).average().orElse(Double.NaN);
    double xy = 0;
    double xx = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
    }
    return ratio(xy, xx);
  }
}
