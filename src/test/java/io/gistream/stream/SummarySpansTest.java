package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.EntryHeader;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The trace of a chunk goes on in a span of ours. */
class SummarySpansTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  private final List<SpanData> exported = new ArrayList<>();
  private final SummarySpans spans =
      new SummarySpans(
          OpenTelemetrySdk.builder()
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .setSampler(Sampler.parentBased(Sampler.alwaysOff()))
                      .addSpanProcessor(SimpleSpanProcessor.create(new Collecting()))
                      .build())
              .build());

  private final class Collecting implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> more) {
      exported.addAll(more);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private static InboxEntry entry(EntryHeader... headers) {
    return new InboxEntry(
        "calls",
        3,
        42L,
        0L,
        List.of(headers),
        ByteBuffer.wrap(new byte[] {'t'}),
        ByteBuffer.allocate(0),
        null,
        false,
        false);
  }

  private static EntryHeader header(String key, String value) {
    return new EntryHeader(key, ByteBuffer.wrap(value.getBytes(UTF_8)));
  }

  private static RollingSummary summary() {
    return new RollingSummary(
        "t",
        1,
        7L,
        "",
        List.of(),
        List.of(),
        List.of(),
        new SequenceRange(0L, 1L),
        List.of(),
        false,
        true,
        null,
        null,
        3L,
        "m",
        "1");
  }

  private void summarise(EntryHeader... headers) {
    spans.summarised(entry(headers), summary(), 1_000, 1_250);
  }

  @Test
  void aTracedChunkGetsASpanBelowItsProducers() {
    summarise(header("other", "x"), header("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
    assertThat(exported).hasSize(1);
    SpanData span = exported.get(0);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(PARENT);
    assertThat(span.getName()).isEqualTo("summarize calls");
    assertThat(span.getStartEpochNanos()).isEqualTo(1_000_000_000L);
    assertThat(span.getEndEpochNanos()).isEqualTo(1_250_000_000L);
    assertThat(span.getAttributes().asMap().toString())
        .contains("gistream.revision=7")
        .contains("messaging.kafka.offset=42");
  }

  @Test
  void whatIsNotTracedOrNotSampledGetsNone() {
    summarise();
    summarise(header("traceparent", "rubbish"));
    summarise(header("traceparent", "00-" + TRACE + "-" + PARENT + "-00"));
    assertThat(exported).isEmpty();
  }
}
