package io.gistream.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A record for the chunks topic.
 *
 * @param partition null for the one that the key decides
 * @param timestamp event time, milliseconds since the epoch
 */
record Message(
    Kind kind,
    byte @Nullable [] key,
    byte @Nullable [] value,
    @Nullable Integer partition,
    long timestamp) {

  /** What the generator meant by it. */
  enum Kind {
    CHUNK(false),
    DRAFT(false),
    DRAFT_TOO_LATE(false),
    DISORDERED(false),
    LATE(false),
    DUPLICATE(false),
    CORRECTION(false),
    END(false),
    BEHIND_THE_END(false),
    ERASURE(false),
    CLOSING(false),
    RANDOM_BYTES(true),
    TRUNCATED(true),
    NO_KEY(true),
    ANOTHERS_KEY(true),
    TOO_LONG(true);

    /** Whether it must end up among the dead letters. */
    final boolean poison;

    Kind(boolean poison) {
      this.poison = poison;
    }
  }
}
