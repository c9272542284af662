package io.gistream.api;

import io.gistream.api.security.Caller;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;

/**
 * The stream that a request is about. There is none without the caller's right to it: {@link #of}
 * is the only way to one.
 */
final class StreamId {
  private static final String PATH = StreamsController.PATH + "/";

  private final String value;

  private StreamId(String value) {
    this.value = value;
  }

  /** The path segment behind {@code /v1/streams/}, whatever characters it stands for. */
  static StreamId of(HttpRequest<?> request) {
    String path = request.getUri().getRawPath();
    int end = path.indexOf('/', PATH.length());
    String segment = path.substring(PATH.length(), end < 0 ? path.length() : end);
    String id;
    try {
      id = PathSegment.decode(segment);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
    Caller caller = Gate.caller(request);
    if (!caller.mayTouch(id)) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          "'%s' is for streams whose id begins with '%s'".formatted(caller.id(), caller.prefix()));
    }
    return new StreamId(id);
  }

  String value() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
