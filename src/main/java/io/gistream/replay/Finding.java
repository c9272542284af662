package io.gistream.replay;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is not as it must be.
 *
 * @param expected null when nothing was expected
 * @param actual null when nothing is there
 * @param more how many records the same is true of, beside this one
 */
record Finding(
    Kind kind,
    String streamId,
    @Nullable ExpectedSummary expected,
    @Nullable CommittedSummary actual,
    long more) {

  /** What is wrong. */
  enum Kind {
    /** The record of this event has another content. */
    DIFFERS,
    /** No record of this event, and no later one that could have replaced it. */
    MISSING,
    /** A record that no chunk brings about. */
    UNEXPECTED,
    /** The same record again. */
    TWICE,
    /** A record behind one that must come after it. */
    OUT_OF_ORDER
  }
}
