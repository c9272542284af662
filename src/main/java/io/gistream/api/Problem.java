package io.gistream.api;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/**
 * Why a request failed, as RFC 9457 has it.
 *
 * @param type always {@code about:blank}: the status says it all
 * @param title the status in words
 * @param status of the response
 * @param detail what happened, and what to do
 */
record Problem(String type, String title, int status, String detail) {

  static Problem of(HttpStatus status, String detail) {
    return new Problem("about:blank", status.getReason(), status.getCode(), detail);
  }

  /** A response that carries it. */
  MutableHttpResponse<Problem> response() {
    return HttpResponse.<Problem>status(HttpStatus.valueOf(status))
        .body(this)
        .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
  }
}
