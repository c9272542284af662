package io.gistream.api;

import io.gistream.api.security.Caller;
import io.gistream.api.security.Doorman;
import io.gistream.api.security.Role;
import io.gistream.stream.LiveStreams;
import io.gistream.stream.ModelInfo;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.List;

/** What a client wants to know before it begins. */
@Controller("/v1/about")
final class AboutController {
  private final Backend backend;
  private final LiveStreams streams;
  private final HttpOptions options;
  private final Doorman doorman;
  private final Instance instance;

  AboutController(
      Backend backend,
      LiveStreams streams,
      HttpOptions options,
      Doorman doorman,
      Instance instance) {
    this.backend = backend;
    this.streams = streams;
    this.options = options;
    this.doorman = doorman;
    this.instance = instance;
  }

  record About(
      String version,
      String instance,
      ModelInfo model,
      Asking caller,
      boolean authentication,
      Limits limits) {}

  record Asking(String id, List<String> roles, String prefix) {
    static Asking of(Caller caller) {
      return new Asking(
          caller.id(), caller.roles().stream().map(Role::label).sorted().toList(), caller.prefix());
    }
  }

  record Limits(
      long bodyBytes,
      int chunkCharacters,
      int chunksPerRequest,
      int requestsPerSecond,
      int eventStreamsPerClient) {}

  @Get
  @Known
  About about(HttpRequest<?> request) {
    HttpOptions.Limits limits = options.limits();
    return new About(
        backend.version(),
        instance.name(),
        streams.model(),
        Asking.of(Gate.caller(request)),
        doorman.asks(),
        new Limits(
            limits.bodyBytes(),
            limits.chunkCharacters(),
            ChunkBody.MAX_CHUNKS,
            limits.requestsPerSecond(),
            limits.eventStreamsPerClient()));
  }
}
