package io.gistream.stream;

import org.jspecify.annotations.Nullable;

/**
 * One line about a stream.
 *
 * @param id of the stream
 * @param epoch 0 for its first talk
 * @param revision of the latest summary, 0 when there is none
 * @param nextSequence the lowest sequence number not taken in yet
 * @param wordsHeard words of the talk so far
 * @param lastTimestamp of its records, milliseconds since the epoch
 * @param closed whether the final summary was given
 * @param provisional whether the latest summary rests partly on what may still change
 * @param gaps ranges of chunks that never came
 * @param unsummarised chunks taken from the topic that no summary covers
 */
public record StreamInfo(
    String id,
    int epoch,
    long revision,
    long nextSequence,
    long wordsHeard,
    long lastTimestamp,
    boolean closed,
    boolean provisional,
    int gaps,
    Unsummarised unsummarised) {

  /**
   * Chunks of one stream that no summary covers.
   *
   * @param queued those that are about to be read
   * @param waiting those that wait for missing ones before them
   * @param oldest record timestamp, milliseconds since the epoch; null when there are none
   * @param newest as {@code oldest}
   * @param highest sequence number; -1 when there are none
   */
  public record Unsummarised(
      int queued, int waiting, @Nullable Long oldest, @Nullable Long newest, long highest) {
    static final Unsummarised NONE = new Unsummarised(0, 0, null, null, -1);

    Unsummarised with(boolean waits, long timestamp, long sequence) {
      return new Unsummarised(
          queued + (waits ? 0 : 1),
          waiting + (waits ? 1 : 0),
          oldest == null ? Long.valueOf(timestamp) : Long.valueOf(Math.min(oldest, timestamp)),
          newest == null ? Long.valueOf(timestamp) : Long.valueOf(Math.max(newest, timestamp)),
          Math.max(highest, sequence));
    }
  }

  /** Where a stream stands. */
  public enum State {
    /** More may be said. */
    OPEN,
    /** Chunks wait for missing ones before them. */
    WAITING,
    /** The final summary was given. */
    FINAL
  }

  public State state() {
    return closed ? State.FINAL : unsummarised.waiting() > 0 ? State.WAITING : State.OPEN;
  }
}
