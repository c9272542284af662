package io.gistream.api;

import io.gistream.stream.LiveStreams;
import io.gistream.stream.LiveStreams.State;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** The two questions an orchestrator asks: restart it? send requests to it? */
@Open
@Controller("/health")
final class HealthController {
  private final LiveStreams streams;

  HealthController(LiveStreams streams) {
    this.streams = streams;
  }

  /** What the answer rests on; {@code status} is UP or DOWN. */
  record Health(String status, State state, boolean restored) {}

  /** DOWN only when nothing but a restart helps; a rebalance is part of life. */
  @Get("/liveness")
  HttpResponse<Health> liveness() {
    return health(streams.state() != State.ERROR && !streams.anyThreadDead());
  }

  /** UP when summaries can be asked for. */
  @Get("/readiness")
  HttpResponse<Health> readiness() {
    return health(streams.state() == State.RUNNING && streams.restored());
  }

  private HttpResponse<Health> health(boolean up) {
    return HttpResponse.<Health>status(up ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(new Health(up ? "UP" : "DOWN", streams.state(), streams.restored()));
  }
}
