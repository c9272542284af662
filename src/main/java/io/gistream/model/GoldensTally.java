package io.gistream.model;

import io.gistream.model.GoldensReport.Comparison;
import io.gistream.model.GoldensReport.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a package gives with what its goldens say, value by value, and keeps count. The
 * tolerances are those of {@code docs/model-package.md}.
 */
final class GoldensTally {
  private static final double TOLERANCE = 1e-4;
  private static final double LOG_TOLERANCE = 1e-3;
  private static final double MEAN_TOLERANCE = 1e-5;
  private static final int STEP_OF_FLOAT16 = -10;
  private static final int ONE_IN = 1000;
  private static final String MEMORY_ALLOWED =
      "1e-5 x max(1, |largest|) on average; more than 2^-10 of the largest: 1 in 1000";

  private final Map<String, Comparison> comparisons = new LinkedHashMap<>();
  private @Nullable Difference first;

  /** Whole numbers that must be equal. */
  void exact(String field, int segment, @Nullable Integer sentence, long[] expected, long[] found) {
    double largest = 0;
    int length = Math.max(expected.length, found.length);
    for (int i = 0; i < length; i++) {
      boolean both = i < expected.length && i < found.length;
      largest =
          Math.max(largest, both ? Math.abs(expected[i] - found[i]) : Double.POSITIVE_INFINITY);
    }
    count(field, expected.length, largest, "none");
    if (largest > 0) {
      int at = firstDifference(expected, found);
      differ(field, segment, sentence, excerpt(expected, at), excerpt(found, at), "none");
    }
  }

  /** A text that must be the same. */
  void sameText(String field, int segment, String expected, String found) {
    boolean same = expected.equals(found);
    count(field, 1, same ? 0 : Double.POSITIVE_INFINITY, "none");
    if (!same) {
      differ(field, segment, null, '"' + expected + '"', '"' + found + '"', "none");
    }
  }

  /** The mean over the tokens that a segment adds. */
  void meanLogProbability(String field, int segment, double expected, double found) {
    double difference = Math.abs(expected - found);
    count(field, 1, finiteOrInfinite(difference), "1e-3");
    if (!(difference <= LOG_TOLERANCE)) {
      differ(field, segment, null, Double.toString(expected), Double.toString(found), "1e-3");
    }
  }

  /**
   * Floats that must have the same bits.
   *
   * @param perSentence how many of them a sentence has
   */
  void sameBits(String field, int segment, int perSentence, float[] expected, float[] found) {
    compare(field, segment, perSentence, expected, found, 0, false, "none");
  }

  /** Floats that may differ by 1e-4. */
  void close(String field, int segment, int perSentence, float[] expected, float[] found) {
    compare(field, segment, perSentence, expected, found, TOLERANCE, false, "1e-4");
  }

  /** Floats that are as exact as they are large: 1e-4, of one beyond 1 that part of it. */
  void closeInProportion(
      String field, int segment, int perSentence, float[] expected, float[] found) {
    compare(
        field, segment, perSentence, expected, found, TOLERANCE, true, "1e-4 x max(1, |value|)");
  }

  private void compare(
      String field,
      int segment,
      int perSentence,
      float[] expected,
      float[] found,
      double tolerance,
      boolean inProportion,
      String allowed) {
    double largest = found.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(expected.length, found.length); i++) {
      double difference = difference(expected[i], found[i]);
      largest = Math.max(largest, difference);
      double limit = inProportion ? tolerance * Math.max(1, Math.abs(expected[i])) : tolerance;
      if (!(difference <= limit)) {
        differ(
            field,
            segment,
            1 + i / perSentence,
            Float.toString(expected[i]),
            Float.toString(found[i]),
            allowed);
      }
    }
    count(field, expected.length, largest, allowed);
    if (expected.length != found.length) {
      differ(field, segment, null, expected.length + " values", found.length + " values", allowed);
    }
  }

  /**
   * A state tensor, which has as many values as it should unless it grows. Rounding to float16
   * turns a difference of 1e-7 into one of a whole step, which a value keeps when the soft reset
   * makes it smaller, and one beside the firing threshold may even fire in one runtime only. So:
   * close on the whole, and nearly every value within a step of the largest.
   */
  void memory(String field, int folded, float[] expected, float[] found) {
    if (expected.length != found.length) {
      count(field, expected.length, Double.POSITIVE_INFINITY, MEMORY_ALLOWED);
      differ(
          field,
          folded,
          null,
          expected.length + " values",
          found.length + " values",
          MEMORY_ALLOWED);
      return;
    }
    float largestValue = 0;
    for (float value : expected) {
      largestValue = Math.max(largestValue, Math.abs(value));
    }
    double step = Math.scalb((double) largestValue, STEP_OF_FLOAT16);
    double largest = 0;
    double sum = 0;
    int apart = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = difference(expected[i], found[i]);
      largest = Math.max(largest, difference);
      sum += difference;
      apart += difference <= step ? 0 : 1;
    }
    int mayBeApart = expected.length / ONE_IN;
    count(field, expected.length, largest, MEMORY_ALLOWED);
    double mean = expected.length == 0 ? 0 : sum / expected.length;
    double mayBe = MEAN_TOLERANCE * Math.max(1, largestValue);
    if (!(mean < mayBe) || apart > mayBeApart) {
      differ(
          field,
          folded,
          null,
          String.format(
              Locale.ROOT,
              "a mean difference below %.2g and at most %d of %d values apart",
              mayBe,
              mayBeApart,
              expected.length),
          String.format(Locale.ROOT, "a mean difference of %.2g and %d values apart", mean, apart),
          MEMORY_ALLOWED);
    }
  }

  /** Infinite when one is no number, zero when both have the same bits. */
  private static double difference(float expected, float found) {
    if (Float.floatToRawIntBits(expected) == Float.floatToRawIntBits(found)) {
      return 0;
    }
    return finiteOrInfinite(Math.abs((double) expected - found));
  }

  private static double finiteOrInfinite(double difference) {
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  private static int firstDifference(long[] expected, long[] found) {
    int at = 0;
    while (at < expected.length && at < found.length && expected[at] == found[at]) {
      at++;
    }
    return at;
  }

  private static String excerpt(long[] row, int at) {
    return at < row.length
        ? "%d at %d of %d".formatted(row[at], at + 1, row.length)
        : "%d of them".formatted(row.length);
  }

  private void count(String field, int values, double largest, String allowed) {
    comparisons.merge(
        field,
        new Comparison(field, values, largest, allowed),
        (a, b) ->
            new Comparison(
                field,
                a.values() + b.values(),
                Math.max(a.largestDifference(), b.largestDifference()),
                allowed));
  }

  private void differ(
      String field,
      int segment,
      @Nullable Integer sentence,
      String expected,
      String found,
      String allowed) {
    if (first == null) {
      first = new Difference(segment, sentence, field, expected, found, allowed);
    }
  }

  List<Comparison> comparisons() {
    return new ArrayList<>(comparisons.values());
  }

  @Nullable Difference firstDifference() {
    return first;
  }
}
