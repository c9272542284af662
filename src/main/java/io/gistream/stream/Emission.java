package io.gistream.stream;

import io.gistream.avro.RollingSummary;
import org.jspecify.annotations.Nullable;

/** What the summarizer sends on for a chunk. */
public sealed interface Emission {
  /** A revised summary; the record's key is the stream id in UTF-8. */
  record Summary(RollingSummary summary) implements Emission {}

  /** The stream of the record's key was erased: its summary on the topic is to go too. */
  record Erased() implements Emission {}

  /**
   * A record that could not be summarised, as it came; the record's headers are the original ones
   * and Kafka's {@code __streams.errors.*} (KIP-1034).
   *
   * @param value null when the record had none
   */
  record DeadLetter(byte @Nullable [] value, String reason) implements Emission {}
}
