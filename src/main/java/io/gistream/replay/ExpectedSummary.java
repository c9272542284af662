package io.gistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Outcome;
import io.gistream.stream.QueuedChunk;
import io.gistream.stream.SummaryRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A record that the summaries topic must hold.
 *
 * @param causeOffset offset of the chunk it speaks of; -1 when it was the lack of chunks that
 *     brought it about
 * @param value the summary as bytes
 * @param timestamp milliseconds since the epoch
 * @param digest of all that is compared
 */
public record ExpectedSummary(
    String streamId,
    long causeOffset,
    byte[] key,
    RollingSummary summary,
    byte[] value,
    long timestamp,
    Headers headers,
    RecordDigest digest) {

  static final long NO_CAUSE = -1;

  static ExpectedSummary of(Outcome.Revised revised, String modelSha256) {
    SummaryRecord record = SummaryRecord.of(revised, modelSha256);
    long cause =
        revised.cause() instanceof QueuedChunk chunk ? chunk.entry().getOffset() : NO_CAUSE;
    byte[] value = AvroCodec.summary().encode(record.summary());
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

  /** Whether the lack of chunks brought it about. */
  public boolean bySilence() {
    return causeOffset == NO_CAUSE;
  }

  int epoch() {
    return summary.getEpoch();
  }

  long revision() {
    return summary.getRevision();
  }

  /** The {@code ce_id} of the record. */
  public String id() {
    Header id = headers.lastHeader(RecordDigest.ID_HEADER);
    return new String(id.value(), UTF_8);
  }
}
