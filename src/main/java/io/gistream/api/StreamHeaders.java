package io.gistream.api;

import io.gistream.stream.LiveStreams;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;

/** Which instance has answered about a stream, and how far behind it is. */
@ServerFilter(StreamsController.PATH + "/**")
final class StreamHeaders {
  static final String INSTANCE = "Gistream-Instance";
  static final String STALENESS = "Gistream-Staleness-Millis";

  private final LiveStreams streams;
  private final Instance instance;

  StreamHeaders(LiveStreams streams, Instance instance) {
    this.streams = streams;
    this.instance = instance;
  }

  @ResponseFilter
  void add(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (response.getHeaders().contains(INSTANCE)) {
      return; // another one has answered
    }
    response.header(INSTANCE, instance.name());
    if (request.getMethod() == HttpMethod.GET
        && response.code() == 200
        && RouteAttributes.getRouteMatch(request).isPresent()
        && request.getUri().getRawPath().startsWith(StreamsController.PATH + "/")) {
      try {
        streams.stream(StreamId.of(request).value())
            .ifPresent(
                info -> {
                  Long oldest = info.unsummarised().oldest();
                  long age = oldest == null ? 0 : Math.max(0, System.currentTimeMillis() - oldest);
                  response.header(STALENESS, Long.toString(age));
                });
      } catch (NotReadyException e) {
        // then it cannot be said
      }
    }
  }
}
