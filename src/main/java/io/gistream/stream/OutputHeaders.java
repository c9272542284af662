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
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Headers of what goes out. Summaries are CloudEvents in binary mode (CloudEvents 1.0, Kafka
 * protocol binding) and carry the chunk's trace context on (W3C Trace Context); dead letters use
 * the names of KIP-1034.
 */
final class OutputHeaders {
  private static final Set<String> TRACE_CONTEXT = Set.of("traceparent", "tracestate", "baggage");

  /**
   * Most bytes of trace context carried on; what would go beyond is left behind (W3C Baggage allows
   * 8192, the rest is shorter).
   */
  static final int MAX_TRACE_CONTEXT_BYTES = 12 << 10;

  static final String ERRORS = "__streams.errors.";

  private static final int MAX_MESSAGE = 1 << 10;
  private static final int MAX_TRACE = 16 << 10;

  /** Most bytes that {@link #ofDeadLetter} adds: three for a character, and some for the rest. */
  static final int MAX_ERROR_BYTES = 3 * (MAX_MESSAGE + MAX_TRACE) + (1 << 10);

  private OutputHeaders() {}

  /** Bytes of a record's key, value and headers, the lengths of these included. */
  static long size(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    long size = length(key) + length(value);
    for (Header header : headers) {
      int name = Utils.utf8Length(header.key());
      int content = (int) length(header.value());
      size += ByteUtils.sizeOfVarint(name) + name + ByteUtils.sizeOfVarint(content) + content;
    }
    return size;
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
    int carried = 0;
    for (EntryHeader header : cause.getHeaders()) {
      if (TRACE_CONTEXT.contains(header.getKey())) {
        byte[] value = bytes(header.getValue());
        carried += header.getKey().length() + (int) length(value);
        if (carried > MAX_TRACE_CONTEXT_BYTES) {
          break;
        }
        headers.add(header.getKey(), value);
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

  /** Whether a header is one of those that a dead letter gets from us. */
  static boolean isOfDeadLetter(String name) {
    return name.startsWith(ERRORS) || name.startsWith("gistream-omitted-");
  }

  /** For a dead letter: the original headers and what went wrong. */
  static Headers ofDeadLetter(
      Headers original, String topic, int partition, long offset, Exception why) {
    StringWriter trace = new StringWriter();
    why.printStackTrace(new PrintWriter(trace));
    return new RecordHeaders(original)
        .add(ERRORS + "exception", why.getClass().getName().getBytes(UTF_8))
        .add(ERRORS + "message", cut(String.valueOf(why.getMessage()), MAX_MESSAGE).getBytes(UTF_8))
        .add(ERRORS + "stacktrace", cut(trace.toString(), MAX_TRACE).getBytes(UTF_8))
        .add(ERRORS + "topic", topic.getBytes(UTF_8))
        .add(ERRORS + "partition", Integer.toString(partition).getBytes(UTF_8))
        .add(ERRORS + "offset", Long.toString(offset).getBytes(UTF_8));
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
