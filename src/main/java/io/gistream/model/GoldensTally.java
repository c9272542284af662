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
  private static final int STEP_OF_FLOAT16 = -10;

  /**
   * How far what a package gives may be from its goldens, which were computed in float32.
   *
   * @param states of each value
   * @param salience of each value, times the value where that is above 1
   * @param memory on average, times the largest value where that is above 1
   * @param logProbability the mean over the tokens of a segment
   * @param apart of so many values, one may be more than 2^-10 of the largest apart
   */
  private record Tolerance(
      double states, double salience, double memory, double logProbability, int apart) {
    static final Tolerance FP32 = new Tolerance(1e-4, 1e-4, 1e-5, 1e-3, 1000);

    /**
     * What rounding to 8 bits does. It does as much between two versions of a runtime: a last bit
     * that differs is a whole step of 8 bits when it is beside the edge of one, and layers later
     * everything differs by such steps.
     */
    static final Tolerance INT8 = new Tolerance(5e-2, 0.5, 2e-2, 0.5, 1);

    String ofStates() {
      return text(states);
    }

    String ofSalience() {
      return text(salience) + " x max(1, |value|)";
    }

    String ofLogProbability() {
      return text(logProbability);
    }

    String ofMemory() {
      String mean = text(memory) + " x max(1, |largest|) on average";
      return apart == 1
          ? mean
          : mean + "; more than 2^-10 of the largest: 1 in %d".formatted(apart);
    }

    private static String text(double tolerance) {
      // 1e-4 and 0.5, as one would write them
      return tolerance < 1e-2
          ? "1e%d".formatted((int) Math.round(Math.log10(tolerance)))
          : Double.toString(tolerance);
    }
  }

  private final Precision precision;
  private final Tolerance tolerance;
  private final Map<String, Comparison> comparisons = new LinkedHashMap<>();
  private @Nullable Difference first;

  GoldensTally(Precision precision) {
    this.precision = precision;
    tolerance =
        switch (precision) {
          case FP32 -> Tolerance.FP32;
          case INT8 -> Tolerance.INT8;
        };
  }

  /** In what the package is run; the goldens are of {@link Precision#FP32}. */
  Precision precision() {
    return precision;
  }

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
    String allowed = tolerance.ofLogProbability();
    count(field, 1, finiteOrInfinite(difference), allowed);
    if (!(difference <= tolerance.logProbability())) {
      differ(field, segment, null, Double.toString(expected), Double.toString(found), allowed);
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

  /** Floats that may differ by as much as the precision allows. */
  void close(String field, int segment, int perSentence, float[] expected, float[] found) {
    compare(
        field,
        segment,
        perSentence,
        expected,
        found,
        tolerance.states(),
        false,
        tolerance.ofStates());
  }

  /** Floats that are as exact as they are large: of one beyond 1, that part of it may differ. */
  void closeInProportion(
      String field, int segment, int perSentence, float[] expected, float[] found) {
    compare(
        field,
        segment,
        perSentence,
        expected,
        found,
        tolerance.salience(),
        true,
        tolerance.ofSalience());
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
      count(field, expected.length, Double.POSITIVE_INFINITY, tolerance.ofMemory());
      differ(
          field,
          folded,
          null,
          expected.length + " values",
          found.length + " values",
          tolerance.ofMemory());
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
    int mayBeApart = expected.length / tolerance.apart();
    count(field, expected.length, largest, tolerance.ofMemory());
    double mean = expected.length == 0 ? 0 : sum / expected.length;
    double mayBe = tolerance.memory() * Math.max(1, largestValue);
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
          tolerance.ofMemory());
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
