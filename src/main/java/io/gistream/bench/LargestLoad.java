package io.gistream.bench;

/** Closes in on the largest load that is kept up with. */
final class LargestLoad {
  private LargestLoad() {}

  /** One load, put to the test. */
  @FunctionalInterface
  interface Trial {
    boolean isKeptUpWith(int load) throws InterruptedException;
  }

  /**
   * Doubles the load until it is too much, or halves it until it is not, and then halves the gap.
   *
   * @param first load, 1 or more
   * @param halvings of the gap
   */
  static void search(int first, int halvings, Trial trial) throws InterruptedException {
    int good = 0;
    int bad = Integer.MAX_VALUE;
    for (int load = first; load > good && load < bad; ) {
      if (trial.isKeptUpWith(load)) {
        good = load;
        load *= 2;
      } else {
        bad = load;
        load /= 2;
      }
    }
    for (int i = 0; i < halvings && bad - good > 1; i++) {
      int middle = (good + bad) / 2;
      if (trial.isKeptUpWith(middle)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
  }
}
