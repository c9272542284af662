package io.gistream.chaos;

import java.time.Duration;

/**
 * One thing that goes wrong.
 *
 * @param target which processor or broker, or how many processors there are to be
 * @param lasts how long what was stopped stays so
 * @param pause until the next one
 */
record Fault(Kind kind, int target, Duration lasts, Duration pause) {
  enum Kind {
    KILL_PROCESSOR(4),
    KILL_ALL_PROCESSORS(1),
    /** Long enough to be taken for dead, then goes on: a zombie. */
    FREEZE_PROCESSOR(3),
    RESTART_PROCESSOR(2),
    /** Killed, and its local state is gone. */
    WIPE_STATE(2),
    SCALE(3),
    KILL_BROKER(3),
    FREEZE_BROKER(2),
    RESTART_BROKER(2),
    POISON_BURST(1);

    /** How often it is drawn. */
    final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case SCALE -> "SCALE to " + target;
      case KILL_ALL_PROCESSORS -> "KILL_ALL_PROCESSORS for " + lasts.toMillis() + " ms";
      case POISON_BURST -> "POISON_BURST";
      default -> kind + " " + target + " for " + lasts.toMillis() + " ms";
    };
  }
}
