package io.gistream.api;

import io.gistream.config.GistreamOptions;
import io.gistream.config.HttpSettings;
import io.gistream.config.HttpSettings.Auth;
import io.gistream.config.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the service listens, whom it lets in, and what it bears.
 *
 * @param host a name or an address of this machine; 0.0.0.0 for all
 * @param port 0 for any that is free
 * @param advertised {@code host:port} for other instances; empty when they cannot ask this one
 */
public record HttpOptions(
    String host, int port, String advertised, Access access, Optional<Tls> tls, Limits limits) {

  /**
   * Whom it lets in.
   *
   * @param everybody whoever asks
   * @param jwks path or URL; empty for no tokens
   * @param origins of web sites whose pages may use the API
   */
  public record Access(
      boolean everybody,
      Optional<Path> keysFile,
      String jwks,
      String issuer,
      String audience,
      List<String> origins) {}

  /** PEM files. */
  public record Tls(Path certificate, Path key) {}

  /** What it bears. */
  public record Limits(
      long bodyBytes, int chunkCharacters, int requestsPerSecond, int eventStreams) {
    /** Event streams of one client. */
    int eventStreamsPerClient() {
      return eventStreams / 8;
    }
  }

  public static HttpOptions of(Settings settings) {
    return new HttpOptions(
        settings.get(HttpSettings.HOST),
        settings.get(HttpSettings.PORT),
        settings.get(HttpSettings.ADVERTISED),
        new Access(
            settings.get(HttpSettings.AUTH) == Auth.NONE,
            settings.get(HttpSettings.KEYS_FILE),
            settings.get(HttpSettings.JWKS),
            settings.get(HttpSettings.ISSUER),
            settings.get(HttpSettings.AUDIENCE),
            Arrays.stream(settings.get(HttpSettings.CORS_ORIGINS).split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .toList()),
        settings
            .get(HttpSettings.TLS_CERTIFICATE)
            .flatMap(
                certificate ->
                    settings.get(HttpSettings.TLS_KEY).map(key -> new Tls(certificate, key))),
        new Limits(
            settings.get(HttpSettings.MAX_BODY).bytes(),
            settings.get(GistreamOptions.CHUNK_MAX_CHARACTERS),
            settings.get(HttpSettings.RATE_LIMIT),
            settings.get(HttpSettings.MAX_EVENT_STREAMS)));
  }

  /** {@code http} or {@code https}. */
  public String scheme() {
    return tls.isPresent() ? "https" : "http";
  }
}
