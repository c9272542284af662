package io.gistream.api;

import io.gistream.stream.StreamInfo;
import io.gistream.stream.StreamInfo.Unsummarised;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line about a stream as JSON; {@code docs/http-api.md} explains the fields. */
record StreamView(
    String id,
    String state,
    int epoch,
    long revision,
    long nextSequence,
    long wordsHeard,
    long lastTimestamp,
    int waiting,
    int unsummarised,
    @Nullable Long unsummarisedSince,
    @Nullable Long unsummarisedAgeMillis,
    boolean closed,
    boolean provisional,
    int gaps) {

  /**
   * @param now milliseconds since the epoch
   */
  static StreamView of(StreamInfo info, long now) {
    Unsummarised unsummarised = info.unsummarised();
    Long newest = unsummarised.newest();
    return new StreamView(
        info.id(),
        info.state().name().toLowerCase(Locale.ROOT),
        info.epoch(),
        info.revision(),
        info.nextSequence(),
        info.wordsHeard(),
        info.lastTimestamp(),
        unsummarised.waiting(),
        unsummarised.waiting() + unsummarised.queued(),
        unsummarised.oldest(),
        newest == null ? null : Long.valueOf(Math.max(0, now - newest)),
        info.closed(),
        info.provisional(),
        info.gaps());
  }
}
