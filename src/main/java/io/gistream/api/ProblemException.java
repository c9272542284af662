package io.gistream.api;

import io.micronaut.http.HttpStatus;

/** Ends a request with a {@link Problem}. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  ProblemException(HttpStatus status, String detail) {
    super(detail);
    this.status = status;
  }

  Problem problem() {
    return Problem.of(status, String.valueOf(getMessage()));
  }
}
