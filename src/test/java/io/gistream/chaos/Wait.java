package io.gistream.chaos;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waiting for things to come true. */
final class Wait {
  private Wait() {}

  /** Until it is true; what the condition throws is as good as false, until time is over. */
  static void until(String what, Duration atMost, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + atMost.toNanos();
    Exception last = null;
    while (System.nanoTime() - deadline < 0) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException(
        "waited " + atMost.toSeconds() + " s in vain until " + what, last);
  }
}
