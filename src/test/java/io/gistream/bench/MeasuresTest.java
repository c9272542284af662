package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MeasuresTest {

  @Test
  void percentilesAreSamplesByNearestRank() {
    var samples = new NanoSamples();
    LongStream.iterate(2000, i -> i > 0, i -> i - 1).forEach(samples::add);

    assertThat(samples.count()).isEqualTo(2000);
    assertThat(samples.p50()).isEqualTo(1000);
    assertThat(samples.p99()).isEqualTo(1980);
    assertThat(samples.percentile(99.9)).isEqualTo(1998);
    assertThat(samples.percentile(0.001)).isEqualTo(1);
    assertThat(samples.max()).isEqualTo(2000);
  }

  @Test
  void samplesMayBeAddedAfterAPercentileWasRead() {
    var samples = new NanoSamples();
    samples.add(5);
    assertThat(samples.p50()).isEqualTo(5);
    samples.add(1);
    samples.add(2);
    assertThat(samples.p50()).isEqualTo(2);
    assertThat(samples.p99()).isEqualTo(5);
  }

  @Test
  void percentilesThatDoNotExistAreRefused() {
    var samples = new NanoSamples();
    assertThatIllegalStateException().isThrownBy(samples::p50).withMessage("No sample was taken");
    samples.add(1);
    assertThatIllegalArgumentException().isThrownBy(() -> samples.percentile(0));
    assertThatIllegalArgumentException().isThrownBy(() -> samples.percentile(100.1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> samples.add(-1))
        .withMessageContaining("not -1 ns");
  }

  @Test
  void theMedianIsTheMiddleValue() {
    double[] values = {3, 1, 2};
    assertThat(Statistics.median(values)).isEqualTo(2);
    assertThat(values).as("the caller's array").containsExactly(3, 1, 2);
    assertThat(Statistics.median(4, 1, 3, 2)).isEqualTo(2.5);
    assertThatIllegalArgumentException().isThrownBy(Statistics::median);
  }

  @Test
  void aRatioToNothingIsNoNumber() {
    assertThat(Statistics.ratio(3, 2)).isEqualTo(1.5);
    assertThat(Statistics.ratio(3, 0)).isNaN();
  }

  @Test
  void aSlopeIsThatOfTheBestStraightLine() {
    double[] hours = {0, 1, 2, 3};
    assertThat(Statistics.slope(hours, new double[] {5, 7, 9, 11})).isEqualTo(2);
    assertThat(Statistics.slope(hours, new double[] {1, 0, 0, 1})).isZero();
    assertThat(Statistics.slope(new double[] {1, 1}, new double[] {1, 2})).isNaN();
  }

  @Test
  void workTakesProcessorTimeOfThreadAndProcess() {
    long process = Clocks.processCpuNanos();
    long thread = Clocks.threadCpuNanos();
    double sum = 0;
    // until the clocks, whose steps may be as long as 10 ms, have moved
    do {
      sum += Math.sqrt(sum + 1);
    } while (Clocks.threadCpuNanos() == thread || Clocks.processCpuNanos() == process);
    assertThat(sum).isPositive();
    assertThat(Clocks.threadCpuNanos()).isGreaterThan(thread);
    assertThat(Clocks.processCpuNanos()).isGreaterThan(process);
  }
}
