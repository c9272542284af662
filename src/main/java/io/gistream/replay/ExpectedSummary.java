package io.gistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.serde.ValueFormat;
import io.gistream.session.Outcome;
import io.gistream.stream.QueuedChunk;
import io.gistream.stream.SummaryRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that the summaries topic must hold.
 *
 * @param causeOffset offset of the chunk it speaks of; -1 when it was the lack of chunks that
 *     brought it about
 * @param summary null when the stream was erased
 * @param value the summary as bytes; null when the stream was erased
 * @param timestamp milliseconds since the epoch
 * @param digest of all that is compared
 */
public record ExpectedSummary(
    String streamId,
    long causeOffset,
    byte[] key,
    @Nullable RollingSummary summary,
    byte @Nullable [] value,
    long timestamp,
    Headers headers,
    RecordDigest digest) {

  static final long NO_CAUSE = -1;

  static ExpectedSummary of(
      Outcome.Revised revised, String modelSha256, ValueFormat<RollingSummary> format) {
    SummaryRecord record = SummaryRecord.of(revised, modelSha256);
    long cause =
        revised.cause() instanceof QueuedChunk chunk ? chunk.entry().getOffset() : NO_CAUSE;
    byte[] value = format.encode(record.summary());
    return new ExpectedSummary(
        record.summary().getStreamId(),
        cause,
        record.key(),
        record.summary(),
        value,
        record.timestamp(),
        record.headers(),
        RecordDigest.of(value, record.timestamp(), record.headers()));
  }

  /**
   * What takes a stream off the summaries topic.
   *
   * @param causeOffset of the record that erased it; -1 for the end of {@code session.retention}
   */
  static ExpectedSummary tombstone(String streamId, long causeOffset, long timestamp) {
    Headers none = new RecordHeaders();
    return new ExpectedSummary(
        streamId,
        causeOffset,
        streamId.getBytes(UTF_8),
        null,
        null,
        timestamp,
        none,
        RecordDigest.of(null, timestamp, none));
  }

  /** Whether the lack of chunks brought it about. */
  public boolean bySilence() {
    return causeOffset == NO_CAUSE;
  }

  /** Whether it takes the summary of an erased stream from the topic. */
  public boolean isTombstone() {
    return value == null;
  }

  /**
   * Whether a reader who goes by epoch and revision takes it for older than the one before. A
   * stream that was erased, or silent for longer than {@code session.retention}, begins anew.
   */
  boolean comesBefore(@Nullable ExpectedSummary before) {
    if (summary == null
        || before == null
        || before.summary == null
        || (summary.getEpoch() == 0 && summary.getRevision() == 1)) {
      return false;
    }
    int epochs = Integer.compare(summary.getEpoch(), before.summary.getEpoch());
    return epochs < 0 || (epochs == 0 && summary.getRevision() < before.summary.getRevision());
  }

  /** Whether a summary that was found is that of another epoch or revision. */
  boolean isNotOf(RollingSummary found) {
    return summary == null
        || found.getEpoch() != summary.getEpoch()
        || found.getRevision() != summary.getRevision();
  }

  /** The {@code ce_id} of the record; empty for a tombstone, which has none. */
  public String id() {
    Header id = headers.lastHeader(RecordDigest.ID_HEADER);
    return id == null ? "" : new String(id.value(), UTF_8);
  }
}
