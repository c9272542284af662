package io.gistream.api;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** For the person who opens the address. */
@Controller("/")
final class IndexController {
  private static final String INDEX =
      """
      Gistream: rolling summaries of live transcripts

      GET /v1/streams                  the streams this instance has; ?limit=1..1000 &after=<id>
      GET /v1/streams/{id}/summary     the latest summary of a stream; percent-encode the id
      DELETE /v1/streams/{id}          has a stream forgotten, by whichever instance has it
      GET /health/liveness             503 when only a restart helps
      GET /health/readiness            200 when summaries can be asked for
      GET /prometheus                  metrics
      """;

  @Get(produces = MediaType.TEXT_PLAIN)
  String index() {
    return INDEX;
  }
}
