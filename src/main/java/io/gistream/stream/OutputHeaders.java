package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.EntryHeader;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Headers of what goes out. Summaries are CloudEvents in binary mode (CloudEvents 1.0, Kafka
 * protocol binding) and carry the chunk's trace context on (W3C Trace Context); dead letters use
 * the names of KIP-1034.
 */
final class OutputHeaders {
  private static final Set<String> TRACE_CONTEXT = Set.of("traceparent", "tracestate", "baggage");

  private static final int MAX_MESSAGE = 1 << 10;
  private static final int MAX_TRACE = 16 << 10;

  /** Most bytes that {@link #ofDeadLetter} adds: three for a character, and some for the rest. */
  static final int MAX_ERROR_BYTES = 3 * (MAX_MESSAGE + MAX_TRACE) + (1 << 10);

  private OutputHeaders() {}

  /** Bytes of a record's key, value and headers. */
  static long size(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    long size = length(key) + length(value);
    for (Header header : headers) {
      size += header.key().length() + length(header.value());
    }
    return size;
  }

  static byte[] number(byte @Nullable [] value) {
    return Long.toString(length(value)).getBytes(UTF_8);
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  /** For a summary brought about by a chunk. */
  static Headers ofSummary(RollingSummary summary, InboxEntry cause, String model) {
    Headers headers = new RecordHeaders();
    for (EntryHeader header : cause.getHeaders()) {
      if (TRACE_CONTEXT.contains(header.getKey())) {
        headers.add(header.getKey(), bytes(header.getValue()));
      }
    }
    String id = cause.getTopic() + "-" + cause.getPartition() + "-" + cause.getOffset();
    return cloudEvent(headers, id, summary, model);
  }

  /** For a final summary that the lack of chunks brought about. */
  static Headers ofSilence(RollingSummary summary, String model) {
    String id =
        SummaryRecord.idOfSilence(summary.getStreamId(), summary.getEpoch(), summary.getRevision());
    return cloudEvent(new RecordHeaders(), id, summary, model);
  }

  private static Headers cloudEvent(
      Headers headers, String id, RollingSummary summary, String model) {
    return headers
        .add("ce_specversion", "1.0".getBytes(UTF_8))
        .add("ce_type", "io.gistream.RollingSummary".getBytes(UTF_8))
        .add("ce_source", "/gistream".getBytes(UTF_8))
        .add("ce_id", id.getBytes(UTF_8))
        .add("ce_subject", summary.getStreamId().getBytes(UTF_8))
        .add("gistream-model", model.getBytes(UTF_8));
  }

  /** For a dead letter: the original headers and what went wrong. */
  static Headers ofDeadLetter(
      Headers original, String topic, int partition, long offset, Exception why) {
    StringWriter trace = new StringWriter();
    why.printStackTrace(new PrintWriter(trace));
    return new RecordHeaders(original)
        .add("__streams.errors.exception", why.getClass().getName().getBytes(UTF_8))
        .add(
            "__streams.errors.message",
            cut(String.valueOf(why.getMessage()), MAX_MESSAGE).getBytes(UTF_8))
        .add("__streams.errors.stacktrace", cut(trace.toString(), MAX_TRACE).getBytes(UTF_8))
        .add("__streams.errors.topic", topic.getBytes(UTF_8))
        .add("__streams.errors.partition", Integer.toString(partition).getBytes(UTF_8))
        .add("__streams.errors.offset", Long.toString(offset).getBytes(UTF_8));
  }

  static Headers restore(List<EntryHeader> saved) {
    Headers headers = new RecordHeaders();
    for (EntryHeader header : saved) {
      headers.add(header.getKey(), bytes(header.getValue()));
    }
    return headers;
  }

  @SuppressWarnings("NullAway") // Kafka takes null header values
  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
