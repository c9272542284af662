package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Spans to a collector, where one is named; nowhere otherwise. */
final class Tracing implements AutoCloseable {
  private static final long MOST_SECONDS_TO_FLUSH = 5;

  private final @Nullable SdkTracerProvider spans;

  private Tracing(@Nullable SdkTracerProvider spans) {
    this.spans = spans;
  }

  static Tracing of(Settings settings) {
    String endpoint = settings.get(GistreamOptions.TRACING_OTLP_ENDPOINT);
    if (endpoint.isEmpty()) {
      return new Tracing(null);
    }
    Attributes service =
        Attributes.builder()
            .put("service.name", "gistream")
            .put("service.namespace", settings.get(GistreamOptions.APPLICATION_ID))
            .build();
    return new Tracing(
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(service)))
            // whether a trace is recorded was decided where it began
            .setSampler(Sampler.parentBased(Sampler.alwaysOff()))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build())
                    .build())
            .build());
  }

  OpenTelemetry telemetry() {
    return spans == null
        ? OpenTelemetry.noop()
        : OpenTelemetrySdk.builder().setTracerProvider(spans).build();
  }

  /** Sends what is still to be sent. */
  @Override
  public void close() {
    if (spans != null) {
      spans.shutdown().join(MOST_SECONDS_TO_FLUSH, TimeUnit.SECONDS);
    }
  }
}
