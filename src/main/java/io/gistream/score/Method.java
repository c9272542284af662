package io.gistream.score;

import java.util.Locale;

/** What made a summary: the system, or a baseline that it is compared with. */
public enum Method {
  /** The system that is scored. */
  GISTREAM,
  /** The first words of the transcript. */
  LEAD,
  /** Sentences drawn at random. */
  RANDOM,
  /** The sentences most like the others. */
  TEXTRANK,
  /** The sentences that come closest to the reference, which is known to it. */
  ORACLE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
