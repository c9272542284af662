package io.gistream.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Spans arrive where they are to be sent. */
class TracingTest {
  @Test
  void aSpanIsSentToTheCollectorBeforeTheEnd() throws Exception {
    List<String> received = new CopyOnWriteArrayList<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String endpoint = "http://localhost:" + collector.getAddress().getPort() + "/v1/traces";
    Settings settings =
        Settings.defaults().with(GistreamOptions.TRACING_OTLP_ENDPOINT, endpoint, "test");
    try (Tracing tracing = Tracing.of(settings)) {
      SpanContext producer =
          SpanContext.createFromRemoteParent(
              "0af7651916cd43dd8448eb211c80319c",
              "b7ad6b7169203331",
              TraceFlags.getSampled(),
              TraceState.getDefault());
      tracing
          .telemetry()
          .getTracer("test")
          .spanBuilder("summarize calls")
          .setParent(Context.root().with(Span.wrap(producer)))
          .startSpan()
          .end();
    } finally {
      collector.stop(0);
    }
    assertThat(received).hasSize(1);
    assertThat(received.get(0)).contains("summarize calls").contains("gistream");
  }

  @Test
  void withoutAnEndpointNothingIsRecorded() {
    try (Tracing tracing = Tracing.of(Settings.defaults())) {
      Span span = tracing.telemetry().getTracer("test").spanBuilder("x").startSpan();
      assertThat(span.isRecording()).isFalse();
    }
  }
}
