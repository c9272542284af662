package io.gistream.bench;

import java.lang.management.ManagementFactory;

/** Processor time, in nanoseconds. Only differences mean anything. */
public final class Clocks {
  private Clocks() {}

  /** Processor time of this process, all threads together, since it began. */
  public static long processCpuNanos() {
    long nanos =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime();
    return supported(nanos, "the process");
  }

  /** Processor time of the calling thread. */
  public static long threadCpuNanos() {
    return supported(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(), "a thread");
  }

  private static long supported(long nanos, String of) {
    if (nanos < 0) {
      throw new UnsupportedOperationException("This JVM does not tell the CPU time of " + of);
    }
    return nanos;
  }
}
