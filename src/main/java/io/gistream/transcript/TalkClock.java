package io.gistream.transcript;

import io.gistream.avro.TranscriptChunk;

/**
 * When each chunk of a recorded talk was said, in milliseconds from its beginning: at its start
 * time, else after the words before it at an ordinary pace. Never runs backwards, and never jumps
 * by more than a pause, so that a break in a recording does not end the talk.
 */
public final class TalkClock {
  /** Longest pause: well below the idle timeout. */
  public static final long LONGEST_PAUSE_MILLIS = 120_000;

  private static final double MILLIS_PER_WORD = 60_000 / 150.0;

  private long now;
  private long lastStart = Long.MIN_VALUE;
  private double lastDuration;

  /** The time of the next chunk of the talk. */
  public long next(TranscriptChunk chunk) {
    Long start = chunk.getStartMillis();
    double elapsed = lastDuration;
    if (start != null) {
      elapsed = lastStart == Long.MIN_VALUE ? 0 : start - lastStart;
      lastStart = start;
    }
    now += Math.round(Math.min(Math.max(elapsed, 0), LONGEST_PAUSE_MILLIS));
    lastDuration = chunk.getText().strip().split("\\s+").length * MILLIS_PER_WORD;
    return now;
  }
}
