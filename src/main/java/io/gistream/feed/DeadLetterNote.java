package io.gistream.feed;

import org.jspecify.annotations.Nullable;

/**
 * That a record could not be summarised; of the record itself only what can be shown to anybody.
 *
 * @param streamId its key, null when it has none
 * @param timestamp of the record, milliseconds since the epoch
 * @param exception class of what went wrong
 * @param reason in words
 * @param source where the record was
 * @param partition of the dead letter
 * @param offset of the dead letter
 * @param bytes of the value
 */
public record DeadLetterNote(
    @Nullable String streamId,
    long timestamp,
    String exception,
    String reason,
    Source source,
    int partition,
    long offset,
    int bytes) {

  /** Topic, partition and offset of the original record. */
  public record Source(String topic, int partition, long offset) {}
}
