package io.gistream.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gistream.stream.LiveStreams;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other instances of the group, at the addresses that they gave to each other and nowhere
 * else. What was passed on once is never passed on again.
 */
@Singleton
final class Peers {
  /** Says who passed a request on. */
  static final String FORWARDED = "Gistream-Forwarded";

  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** All others are left here: they are about one connection, or are nobody's business. */
  private static final Set<String> PASSED_ON =
      Set.of("authorization", "x-api-key", "accept", "content-type", "last-event-id");

  private final LiveStreams streams;
  private final Instance instance;
  private final ObjectMapper json;
  private final String scheme;
  private final HttpClient client;

  Peers(LiveStreams streams, Instance instance, ObjectMapper json, HttpOptions options) {
    this.streams = streams;
    this.instance = instance;
    this.json = json;
    this.scheme = options.scheme();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    options.tls().ifPresent(tls -> builder.sslContext(PeerTrust.of(tls.certificate())));
    this.client = builder.build();
  }

  /**
   * What another instance has said.
   *
   * @param page null when it has not answered
   */
  record Answer(@Nullable StreamsPage page) {}

  static boolean isForwarded(HttpRequest<?> request) {
    return request.getHeaders().contains(FORWARDED);
  }

  /** The pages that the other instances give to the same request. */
  CompletableFuture<List<Answer>> streams(HttpRequest<?> request) {
    Set<String> others = isForwarded(request) ? Set.of() : streams.others();
    List<CompletableFuture<Answer>> answers =
        others.stream()
            .sorted()
            .map(
                other ->
                    pass(request, other, BodyPublishers.noBody(), BodyHandlers.ofByteArray())
                        .thenApply(this::page)
                        .exceptionally(
                            e -> {
                              LOG.warn("{} does not tell its streams: {}", other, e.toString());
                              return new Answer(null);
                            }))
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
  }

  private Answer page(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      LOG.warn("{} answered {}", response.uri(), response.statusCode());
      return new Answer(null);
    }
    try {
      return new Answer(json.readValue(response.body(), StreamsPage.class));
    } catch (IOException e) {
      LOG.warn("{} gave no page of streams", response.uri(), e);
      return new Answer(null);
    }
  }

  /** Sends a request to another instance as it came. */
  <T> CompletableFuture<HttpResponse<T>> pass(
      HttpRequest<?> request, String address, BodyPublisher body, BodyHandler<T> handler) {
    URI came = request.getUri();
    String query = came.getRawQuery() == null ? "" : "?" + came.getRawQuery();
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(
                URI.create(scheme + "://" + address + came.getRawPath() + query))
            .method(request.getMethodName(), body)
            .timeout(ANSWER)
            .header(FORWARDED, instance.name());
    request
        .getHeaders()
        .forEach(
            (name, values) -> {
              if (PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
              }
            });
    return client.sendAsync(builder.build(), handler);
  }
}
