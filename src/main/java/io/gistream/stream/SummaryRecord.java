package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Outcome;
import org.apache.kafka.common.header.Headers;

/**
 * A summary as it goes to its topic.
 *
 * @param key the stream id in UTF-8
 * @param timestamp event time of the summary, milliseconds since the epoch
 * @param headers CloudEvents attributes, trace context, model
 */
public record SummaryRecord(byte[] key, RollingSummary summary, long timestamp, Headers headers) {
  /** {@code ce_id} of a final summary that the lack of chunks brought about. */
  public static String idOfSilence(String streamId, int epoch, long revision) {
    return streamId + "-" + epoch + "-" + revision + "-final";
  }

  /**
   * The record of a revision.
   *
   * @param modelSha256 identity of the model that made it
   */
  public static SummaryRecord of(Outcome.Revised revised, String modelSha256) {
    RollingSummary summary = revised.summary();
    String model = summary.getModelName() + "/" + summary.getModelVersion() + "/" + modelSha256;
    Headers headers =
        revised.cause() instanceof QueuedChunk cause
            ? OutputHeaders.ofSummary(summary, cause.entry(), model)
            : OutputHeaders.ofSilence(summary, model);
    return new SummaryRecord(
        summary.getStreamId().getBytes(UTF_8), summary, revised.timestamp(), headers);
  }

  /** Bytes of key, value and headers. */
  long sizeInBytes() {
    return OutputHeaders.size(key, AvroCodec.summary().encode(summary), headers);
  }
}
