package io.gistream.api;

import io.gistream.stream.LiveStreams.NotReadyException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Partitions are on the move: the client may ask again soon. */
@Singleton
final class NotReadyHandler implements ExceptionHandler<NotReadyException, HttpResponse<Problem>> {
  private static final String RETRY_AFTER_SECONDS = "1";

  @Override
  public HttpResponse<Problem> handle(
      @SuppressWarnings("rawtypes") HttpRequest request, NotReadyException e) {
    return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "Not ready: " + e.getMessage())
        .response()
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
  }
}
