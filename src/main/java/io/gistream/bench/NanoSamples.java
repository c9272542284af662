package io.gistream.bench;

import java.util.Arrays;

/**
 * Durations in nanoseconds. Each one is kept, so the percentiles are exact: the q-th percentile is
 * the smallest sample that at least q % of the samples do not exceed (nearest rank). Not
 * thread-safe.
 */
public final class NanoSamples {
  private long[] samples = new long[1024];
  private int count;
  private boolean sorted = true;

  /** Adds a duration. */
  public void add(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("A duration is 0 or more, not " + nanos + " ns");
    }
    if (count == samples.length) {
      samples = Arrays.copyOf(samples, count * 2);
    }
    samples[count++] = nanos;
    sorted = false;
  }

  public int count() {
    return count;
  }

  /** The median, the lower one of two. */
  public long p50() {
    return percentile(50);
  }

  public long p99() {
    return percentile(99);
  }

  public long max() {
    return percentile(100);
  }

  /**
   * A percentile in nanoseconds.
   *
   * @param q above 0, up to 100
   */
  public long percentile(double q) {
    if (!(q > 0 && q <= 100)) {
      throw new IllegalArgumentException("A percentile is above 0 and up to 100, not " + q);
    }
    if (count == 0) {
      throw new IllegalStateException("No sample was taken");
    }
    if (!sorted) {
      Arrays.sort(samples, 0, count);
      sorted = true;
    }
    return samples[Math.max(1, (int) Math.ceil(count * q / 100)) - 1];
  }
}
