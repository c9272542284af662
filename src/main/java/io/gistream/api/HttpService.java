package io.gistream.api;

import io.gistream.api.security.ApiKeys;
import io.gistream.api.security.Doorman;
import io.gistream.api.security.Tokens;
import io.gistream.feed.Numbering;
import io.gistream.feed.Talks;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of a Gistream process.
 *
 * <p>It shows and serves what is in its {@link Backend}, and keeps nothing that cannot be had
 * again. Without keys it listens on this machine alone, unless told otherwise.
 */
public final class HttpService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

  /** Threads that read the state stores and wait for the disk; more requests than these wait. */
  private static final int WORKERS = 4;

  /** Of the web page, beside the document itself. */
  private static final List<String> PAGE_FOLDERS = List.of("css", "images", "js");

  /** How long a request that is being answered may hold up the end. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Threads that wait for Kafka to take something. */
  private static final int WRITERS = 8;

  /** Threads on which those who begin to listen wait for what they missed. */
  private static final int LISTENERS = 4;

  /** Threads on which tokens wait for the keys of their provider, all for one answer. */
  private static final int TOKEN_READERS = 4;

  /** A connection on which nothing is sent or received is closed; events have heart-beats. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final ApplicationContext context;
  private final EmbeddedServer server;
  private final Talks talks;

  private HttpService(ApplicationContext context, EmbeddedServer server, Talks talks) {
    this.context = context;
    this.server = server;
    this.talks = talks;
  }

  /**
   * Starts the server and waits until it listens.
   *
   * @throws IllegalStateException when it cannot listen there
   * @throws IllegalArgumentException when keys or certificates cannot be read
   */
  public static HttpService start(HttpOptions options, Backend backend) {
    Doorman doorman = doorman(options.access());
    Instance instance = new Instance(options);
    Talks talks = new Talks(backend.sink());
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
            .singletons(
                options,
                backend,
                backend.streams(),
                backend.feed(),
                backend.sink(),
                doorman,
                instance,
                talks,
                new Numbering(backend.streams(), backend.feed()))
            .start();
    try {
      EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
      instance.listensOn(server.getPort());
      context.getBean(MemoryHistory.class); // it must not miss the first segments
      LOG.info(
          "Listening on {}://{}{}",
          options.scheme(),
          authority(options.host(), server.getPort()),
          doorman.asks() ? "" : ", for everybody who can reach it");
      return new HttpService(context, server, talks);
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

  /** What the server is made of, to be looked at. */
  ApplicationContext context() {
    return context;
  }

  /** Stops listening and waits until running requests are answered. */
  @Override
  public void close() {
    try {
      context.close();
    } finally {
      talks.close();
    }
  }

  private static Doorman doorman(HttpOptions.Access access) {
    boolean hasKeys = access.keysFile().isPresent() || !access.jwks().isEmpty();
    if (access.everybody()) {
      if (hasKeys) {
        LOG.warn("http.auth=none: everybody is let in, the keys are not looked at");
      }
      return new Doorman(null, null);
    }
    return new Doorman(
        access.keysFile().map(ApiKeys::read).orElse(null),
        access.jwks().isEmpty()
            ? null
            : new Tokens(access.jwks(), access.issuer(), access.audience()));
  }

  private static Map<String, Object> properties(HttpOptions options) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("micronaut.application.name", "gistream");
    properties.put("micronaut.server.host", options.host());
    // Micronaut has its own sign for any port that is free
    int port = options.port() == 0 ? -1 : options.port();
    properties.put("micronaut.server.port", port);
    properties.put("micronaut.server.max-request-size", options.limits().bodyBytes());
    properties.put("micronaut.server.idle-timeout", IDLE);
    // a small body may become a large one
    properties.put("micronaut.server.netty.request-decompression-enabled", false);
    properties.putAll(tls(options, port));
    properties.putAll(cors(options.access().origins()));
    for (String folder : PAGE_FOLDERS) {
      // not all of /: what is wrong with a request elsewhere would be answered with the page
      String resources = "micronaut.router.static-resources." + folder;
      properties.put(resources + ".paths", "classpath:web/" + folder);
      properties.put(resources + ".mapping", "/%s/**".formatted(folder));
    }
    properties.put("micronaut.lifecycle.graceful-shutdown.enabled", true);
    properties.put("micronaut.lifecycle.graceful-shutdown.grace-period", GRACE);
    // Netty waits two seconds for more work by default
    properties.put("micronaut.netty.event-loops.default.shutdown-quiet-period", "0s");
    properties.put("micronaut.server.netty.parent.shutdown-quiet-period", "0s");
    properties.put("micronaut.executors.io.type", "fixed");
    properties.put("micronaut.executors.io.n-threads", WORKERS);
    properties.put("micronaut.executors." + Executors.WRITES + ".type", "fixed");
    properties.put("micronaut.executors." + Executors.WRITES + ".n-threads", WRITERS);
    properties.put("micronaut.executors." + Executors.EVENTS + ".type", "fixed");
    properties.put("micronaut.executors." + Executors.EVENTS + ".n-threads", LISTENERS);
    properties.put("micronaut.executors." + Executors.TOKENS + ".type", "fixed");
    properties.put("micronaut.executors." + Executors.TOKENS + ".n-threads", TOKEN_READERS);
    properties.put("jackson.serialization-inclusion", "ALWAYS");
    properties.put("endpoints.all.enabled", false);
    properties.put("endpoints.prometheus.enabled", true);
    properties.put("endpoints.prometheus.sensitive", false);
    return properties;
  }

  private static Map<String, Object> tls(HttpOptions options, int port) {
    if (options.tls().isEmpty()) {
      return Map.of();
    }
    HttpOptions.Tls tls = options.tls().get();
    return Map.of(
        "micronaut.server.ssl.enabled",
        true,
        "micronaut.server.ssl.port",
        port,
        "micronaut.server.ssl.key-name",
        "http",
        "micronaut.server.ssl.protocols",
        List.of("TLSv1.3", "TLSv1.2"),
        "micronaut.certificate.file.http.format",
        "PEM",
        "micronaut.certificate.file.http.path",
        tls.key().toString(),
        "micronaut.certificate.file.http.certificate-path",
        tls.certificate().toString());
  }

  private static Map<String, Object> cors(List<String> origins) {
    if (origins.isEmpty()) {
      return Map.of();
    }
    String api = "micronaut.server.cors.configurations.api.";
    return Map.of(
        "micronaut.server.cors.enabled",
        true,
        api + "allowed-origins",
        origins,
        api + "allowed-methods",
        List.of("GET", "POST", "DELETE"),
        api + "allowed-headers",
        List.of("Authorization", "X-API-Key", "Content-Type", "Last-Event-ID"),
        api + "exposed-headers",
        List.of(StreamHeaders.INSTANCE, StreamHeaders.STALENESS, "Retry-After"),
        api + "allow-credentials",
        false);
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

  private static String authority(String host, int port) {
    return "%s:%d"
        .formatted(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host, port);
  }
}
