package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.stream.LiveStreams;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.body.CloseableAvailableByteBody;
import io.micronaut.http.sse.Event;
import io.micronaut.web.router.RouteAttributes;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Has a request about a stream answered by the instance that has the stream. Waits without a
 * thread: two instances that ask each other a lot must not wait for each other.
 */
@ServerFilter(StreamsController.PATH + "/**")
@Order(Gate.ORDER + 1)
final class Forwarding {
  private static final Set<String> KEPT =
      Set.of(
          "content-type",
          "retry-after",
          StreamHeaders.INSTANCE.toLowerCase(Locale.ROOT),
          StreamHeaders.STALENESS.toLowerCase(Locale.ROOT));

  private final LiveStreams streams;
  private final Peers peers;

  Forwarding(LiveStreams streams, Peers peers) {
    this.streams = streams;
    this.peers = peers;
  }

  /** Null when this instance is to answer. */
  @RequestFilter
  CompletableFuture<@Nullable HttpResponse<?>> forward(HttpRequest<?> request) {
    if (!request.getUri().getRawPath().startsWith(StreamsController.PATH + "/")
        || RouteAttributes.getRouteMatch(request).isEmpty()
        || request.getMethod() == HttpMethod.DELETE // any instance can ask for an erasure
        || Peers.isForwarded(request)) {
      return here();
    }
    Optional<String> owner = streams.elsewhere(StreamId.of(request).value());
    if (owner.isEmpty()) {
      return here();
    }
    if (request.getMethod() == HttpMethod.POST && request instanceof ServerHttpRequest<?> posted) {
      return write(posted, owner.get());
    }
    return request.getUri().getRawPath().endsWith("/events")
        ? events(request, owner.get())
        : read(request, owner.get());
  }

  private static CompletableFuture<@Nullable HttpResponse<?>> here() {
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<@Nullable HttpResponse<?>> read(HttpRequest<?> request, String owner) {
    return peers
        .pass(request, owner, BodyPublishers.noBody(), BodyHandlers.ofByteArray())
        .<@Nullable HttpResponse<?>>thenApply(response -> head(response).body(response.body()))
        .exceptionally(e -> failed(owner, e));
  }

  private CompletableFuture<@Nullable HttpResponse<?>> events(
      HttpRequest<?> request, String owner) {
    return peers
        .pass(request, owner, BodyPublishers.noBody(), BodyHandlers.ofLines())
        .<@Nullable HttpResponse<?>>thenApply(response -> head(response).body(body(response)))
        .exceptionally(e -> failed(owner, e));
  }

  private static Object body(java.net.http.HttpResponse<Stream<String>> response) {
    if (response.statusCode() != HttpStatus.OK.getCode()) {
      return String.join("\n", response.body().toList()).getBytes(UTF_8);
    }
    EventReader reader = new EventReader();
    // each waits for the other instance, on a thread that is made for waiting
    return Flux.fromStream(response.body())
        .<Event<String>>handle((line, sink) -> reader.line(line).ifPresent(sink::next))
        .subscribeOn(Schedulers.boundedElastic())
        .doFinally(signal -> response.body().close());
  }

  private CompletableFuture<@Nullable HttpResponse<?>> write(
      ServerHttpRequest<?> request, String owner) {
    return request
        .byteBody()
        .split()
        .buffer()
        .thenCompose(
            (CloseableAvailableByteBody body) ->
                peers.pass(
                    request,
                    owner,
                    BodyPublishers.ofByteArray(body.toByteArray()),
                    BodyHandlers.ofByteArray()))
        .<@Nullable HttpResponse<?>>thenApply(response -> head(response).body(response.body()))
        .exceptionally(
            e ->
                // with numbers of their own, chunks can be taken by any instance
                unreachable(e) ? null : failed(owner, e));
  }

  private static boolean unreachable(Throwable e) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
  }

  private static MutableHttpResponse<Object> head(java.net.http.HttpResponse<?> response) {
    MutableHttpResponse<Object> head =
        HttpResponse.status(HttpStatus.valueOf(response.statusCode()));
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (KEPT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> head.header(name, value));
              }
            });
    return head;
  }

  private static HttpResponse<?> failed(String owner, Throwable e) {
    return Problem.of(
            HttpStatus.BAD_GATEWAY,
            "%s has this stream and did not answer (%s); ask again"
                .formatted(owner, e.getMessage()))
        .response();
  }
}
