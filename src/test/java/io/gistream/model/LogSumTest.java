package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogSumTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  private static double sum(float... logits) {
    return StrictMath.exp(logSum(logits));
  }

  private static double logSum(float... logits) {
    return new LogSum(logits.length).of(logits, LogSum.largest(logits));
  }

  /** Keeps what each addition loses: of many equals the losses would add up. */
  private static double exactly(float... logits) {
    double largest = LogSum.largest(logits);
    double sum = 0;
    double lost = 0;
    for (float logit : logits) {
      double term = StrictMath.exp(logit - largest) - lost;
      double next = sum + term;
      lost = (next - sum) - term;
      sum = next;
    }
    return sum;
  }

  private static void assertClose(float... logits) {
    double expected = exactly(logits);
    assertThat(sum(logits)).isCloseTo(expected, offset(expected * 1e-12));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 1_000, 50_265})
  void theSumIsThatOfTheExponentials(int tokens) {
    Random random = new Random(tokens);
    for (double spread : new double[] {1e-6, 0.1, 1, 5, 30, 1e4}) {
      float[] logits = new float[tokens];
      for (int i = 0; i < tokens; i++) {
        logits[i] = (float) (random.nextGaussian() * spread);
      }
      assertClose(logits);
    }
  }

  /** The largest gives 1 to the sum, so what the other gives is seen to 2e-16 of that 1. */
  @Test
  void eachExponentialIsCloseOverTheWholeRange() {
    for (float x = 0; x > -80; x -= 1 / 128f) {
      double expected = StrictMath.exp(x);
      assertThat(sum(0, x) - 1).as("%f", x).isCloseTo(expected, offset(expected * 1e-12 + 1e-15));
    }
  }

  @Test
  void manySmallExponentialsBesideALargeOneAreCounted() {
    float[] logits = new float[50_265];
    for (float x = 0; x > -80; x -= 1.7f) {
      Arrays.fill(logits, x);
      logits[4_321] = 0;
      assertClose(logits);
    }
  }

  @Test
  void extremesAreWhatTheyAre() {
    assertClose(new float[50_265]);
    assertClose(-1e30f, -1e30f, -1e30f);
    assertClose(1e30f, 3, -1e30f, 0);
    assertClose(Float.MAX_VALUE, -Float.MAX_VALUE);
    assertClose(Float.MIN_VALUE, 0, -Float.MIN_VALUE, -0f);
    assertClose(NONE, 2, NONE, 1, NONE);
    assertThat(logSum(7)).isZero();
    float[] oneOfMany = new float[1_000_000];
    Arrays.fill(oneOfMany, NONE);
    oneOfMany[3] = -5;
    assertThat(logSum(oneOfMany)).isZero();
  }

  @Test
  void aRowThatHasNoProbabilitiesHasNoSum() {
    assertThat(logSum(NONE, NONE)).isNaN();
    assertThat(logSum(Float.NaN)).isNaN();
    assertThat(logSum(1, 2, Float.POSITIVE_INFINITY)).isNaN();
    for (int at = 0; at < 100; at++) {
      float[] logits = new float[100];
      logits[at] = Float.NaN;
      assertThat(logSum(logits)).as("NaN at %d", at).isNaN();
    }
  }

  @Test
  void theLargestIsFoundAmongNaN() {
    assertThat(LogSum.largest(new float[] {Float.NaN, -3, Float.NaN, -2, NONE})).isEqualTo(-2f);
    assertThat(LogSum.largest(new float[] {Float.NaN})).isEqualTo(NONE);
  }

  /** Bits, not nearness: what one machine makes of a row every other does, interpreted or not. */
  @Test
  void theSameRowHasTheSameSumHoweverOften() {
    Random random = new Random(5);
    float[] logits = new float[1_000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (random.nextGaussian() * 5);
    }
    LogSum sum = new LogSum(logits.length);
    double first = sum.of(logits, LogSum.largest(logits));
    for (int i = 0; i < 20_000; i++) {
      assertThat(sum.of(logits, LogSum.largest(logits))).isEqualTo(first);
    }
  }
}
