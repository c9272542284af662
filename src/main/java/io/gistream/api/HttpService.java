package io.gistream.api;

import io.gistream.stream.LiveStreams;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of a Gistream process.
 *
 * <p>It shows what {@link LiveStreams} says, asks {@link StreamEraser} to erase, and has no state
 * of its own. It asks for no password: unless told otherwise it listens on this machine alone.
 */
public final class HttpService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

  /** Threads that read the state stores and wait for the disk; more requests than these wait. */
  private static final int WORKERS = 4;

  /** How long a request that is being answered may hold up the end. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final ApplicationContext context;
  private final EmbeddedServer server;

  private HttpService(ApplicationContext context, EmbeddedServer server) {
    this.context = context;
    this.server = server;
  }

  /**
   * Starts the server and waits until it listens.
   *
   * @throws IllegalStateException when it cannot listen there
   */
  public static HttpService start(HttpOptions options, LiveStreams streams, StreamEraser eraser) {
    ApplicationContext context =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .deduceCloudEnvironment(false)
            .bootstrapEnvironment(false)
            .enableDefaultPropertySources(false)
            .environmentPropertySource(false)
            .packages(HttpService.class.getPackageName())
            .properties(properties(options))
            .singletons(streams, eraser)
            .start();
    try {
      EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
      LOG.info("Listening on {}", url(options.host(), server.getPort()));
      return new HttpService(context, server);
    } catch (RuntimeException e) {
      context.close();
      throw new IllegalStateException(
          "the HTTP server cannot listen on %s:%d: %s; set http.host or http.port"
              .formatted(options.host(), options.port(), reason(e)),
          e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** What {@code /prometheus} shows; meters may be added and removed at any time. */
  public MeterRegistry meters() {
    return context.getBean(MeterRegistry.class);
  }

  /** Stops listening and waits until running requests are answered. */
  @Override
  public void close() {
    context.close();
  }

  private static Map<String, Object> properties(HttpOptions options) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("micronaut.application.name", "gistream");
    properties.put("micronaut.server.host", options.host());
    // Micronaut has its own sign for any port that is free
    properties.put("micronaut.server.port", options.port() == 0 ? -1 : options.port());
    properties.put("micronaut.server.max-request-size", "64KB");
    properties.put("micronaut.lifecycle.graceful-shutdown.enabled", true);
    properties.put("micronaut.lifecycle.graceful-shutdown.grace-period", GRACE);
    // Netty waits two seconds for more work by default
    properties.put("micronaut.netty.event-loops.default.shutdown-quiet-period", "0s");
    properties.put("micronaut.server.netty.parent.shutdown-quiet-period", "0s");
    properties.put("micronaut.executors.io.type", "fixed");
    properties.put("micronaut.executors.io.n-threads", WORKERS);
    properties.put("jackson.serialization-inclusion", "ALWAYS");
    properties.put("endpoints.all.enabled", false);
    properties.put("endpoints.prometheus.enabled", true);
    properties.put("endpoints.prometheus.sensitive", false);
    return properties;
  }

  /** The innermost message, which is the one that says what is wrong. */
  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof UnresolvedAddressException
        ? "the host is not known"
        : String.valueOf(cause.getMessage());
  }

  private static String url(String host, int port) {
    return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port);
  }
}
