package io.gistream.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import org.jspecify.annotations.Nullable;

/** Ends a request with a {@link Problem}. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final @Nullable String header;
  private final String value;

  ProblemException(HttpStatus status, String detail) {
    this(status, detail, null, "");
  }

  private ProblemException(
      HttpStatus status, String detail, @Nullable String header, String value) {
    super(detail, null, false, false);
    this.status = status;
    this.header = header;
    this.value = value;
  }

  /** One that goes away by itself. */
  static ProblemException retry(HttpStatus status, String detail, long afterSeconds) {
    return new ProblemException(
        status, detail, HttpHeaders.RETRY_AFTER, Long.toString(afterSeconds));
  }

  /** One that a key would solve. */
  static ProblemException unknown(String detail) {
    return new ProblemException(
        HttpStatus.UNAUTHORIZED, detail, HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"gistream\"");
  }

  MutableHttpResponse<Problem> response() {
    MutableHttpResponse<Problem> response =
        Problem.of(status, String.valueOf(getMessage())).response();
    return header == null ? response : response.header(header, value);
  }
}
