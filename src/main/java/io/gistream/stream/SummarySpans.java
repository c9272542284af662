package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.EntryHeader;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A span for each summary whose chunk came with a {@code traceparent} (W3C Trace Context), as a
 * child of the one named there. The header that the summary carries on is the chunk's own: what is
 * on the topic must not depend on whether anyone traces.
 */
final class SummarySpans {
  private static final TextMapGetter<InboxEntry> HEADERS = new Headers();

  private final Tracer tracer;

  SummarySpans(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("io.gistream");
  }

  /**
   * Tells of a summary that is on its way; the transaction it is part of may still be given up.
   *
   * @param beganMillis when work on the chunk began, milliseconds since the epoch
   * @param endedMillis when the summary was sent
   */
  void summarised(InboxEntry cause, RollingSummary summary, long beganMillis, long endedMillis) {
    Context chunk = W3CTraceContextPropagator.getInstance().extract(Context.root(), cause, HEADERS);
    if (!Span.fromContext(chunk).getSpanContext().isValid()) {
      return;
    }
    tracer
        .spanBuilder("summarize " + cause.getTopic())
        .setParent(chunk)
        .setSpanKind(SpanKind.CONSUMER)
        .setStartTimestamp(beganMillis, TimeUnit.MILLISECONDS)
        .setAttribute("messaging.system", "kafka")
        .setAttribute("messaging.operation.type", "process")
        .setAttribute("messaging.destination.name", cause.getTopic())
        .setAttribute("messaging.destination.partition.id", String.valueOf(cause.getPartition()))
        .setAttribute("messaging.kafka.offset", cause.getOffset())
        .setAttribute("gistream.stream.id", summary.getStreamId())
        .setAttribute("gistream.epoch", summary.getEpoch())
        .setAttribute("gistream.revision", summary.getRevision())
        .setAttribute("gistream.final", summary.getFinal$())
        .startSpan()
        .end(endedMillis, TimeUnit.MILLISECONDS);
  }

  private static final class Headers implements TextMapGetter<InboxEntry> {
    @Override
    public Iterable<String> keys(InboxEntry entry) {
      List<EntryHeader> headers = entry.getHeaders();
      return headers.stream().map(EntryHeader::getKey).toList();
    }

    @Override
    public @Nullable String get(@Nullable InboxEntry entry, String key) {
      if (entry != null) {
        for (EntryHeader header : entry.getHeaders()) {
          if (header.getKey().equals(key) && header.getValue() != null) {
            return new String(QueuedChunk.bytes(header.getValue()), UTF_8);
          }
        }
      }
      return null;
    }
  }
}
