package io.gistream.api;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** Makes every error response a {@link Problem}, those of Micronaut itself included. */
@Singleton
@Replaces(ErrorResponseProcessor.class)
final class ProblemResponses implements ErrorResponseProcessor<Problem> {

  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    HttpStatus status = HttpStatus.valueOf(response.code());
    return response
        .body(Problem.of(status, detail(context, status)))
        .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
  }

  private static String detail(ErrorContext context, HttpStatus status) {
    if (status.getCode() >= 500) {
      // what went wrong inside is for the log
      return "The request could not be answered; the log says why.";
    }
    if (status == HttpStatus.NOT_FOUND
        && context.getRequest().getPath().startsWith(StreamsController.PATH + "/")) {
      return "There is nothing at this path; a summary is at /v1/streams/{id}/summary, with the id percent-encoded, and GET / lists the others.";
    }
    if (status == HttpStatus.NOT_FOUND) {
      return "There is nothing at this path; GET / lists what there is.";
    }
    return context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "));
  }
}
