package io.gistream.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tasks of each stream thread have work to do. They share the time that the thread may
 * spend before it polls and commits again: a thread with many partitions that are all behind must
 * not come back to its broker later than one with a single partition. Thread-safe.
 */
final class BusyTasks {
  private final Map<Thread, Integer> busy = new ConcurrentHashMap<>();

  /** One task's being busy. */
  final class Work {
    private final Thread thread = Thread.currentThread();

    private Work() {
      busy.merge(thread, 1, Integer::sum);
    }

    /** Nothing is left to be done; to be called once, by any thread. */
    void end() {
      busy.computeIfPresent(thread, (key, tasks) -> tasks > 1 ? tasks - 1 : null);
    }
  }

  /** A task of the calling thread has work. */
  Work begin() {
    return new Work();
  }

  /** How many tasks of the calling thread have work, at least one. */
  int onThisThread() {
    return Math.max(1, busy.getOrDefault(Thread.currentThread(), 0));
  }
}
