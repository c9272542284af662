package io.gistream.api;

import io.gistream.stream.LiveStreams;
import io.gistream.stream.StreamInfo;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this instance knows about the streams of its partitions; erases those of all. */
@Controller(StreamsController.PATH)
@ExecuteOn(TaskExecutors.IO)
final class StreamsController {
  static final String PATH = "/v1/streams";

  private static final int MAX_LIMIT = 1000;
  private static final String SUMMARY = "/summary";

  private final LiveStreams streams;
  private final StreamEraser eraser;

  StreamsController(LiveStreams streams, StreamEraser eraser) {
    this.streams = streams;
    this.eraser = eraser;
  }

  /**
   * A page of the streams.
   *
   * @param limit most streams of a page
   * @param after id that all of the page come behind; null for the first page
   */
  @Get
  StreamsPage list(
      @QueryValue(defaultValue = "100") int limit, @QueryValue @Nullable String after) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST, "limit is %d; it may be 1 to %d".formatted(limit, MAX_LIMIT));
    }
    List<StreamInfo> rest =
        streams.streams().stream()
            .filter(stream -> after == null || stream.id().compareTo(after) > 0)
            .limit(limit + 1L)
            .toList();
    if (rest.size() <= limit) {
      return new StreamsPage(rest, null);
    }
    List<StreamInfo> page = rest.subList(0, limit);
    String last = PathSegment.encode(page.get(limit - 1).id());
    return new StreamsPage(page, "%s?limit=%d&after=%s".formatted(PATH, limit, last));
  }

  /** The latest summary; the id is one path segment, whatever characters it has. */
  @Get("/{+path}")
  SummaryView summary(HttpRequest<?> request) {
    String id = streamId(request.getUri().getRawPath(), SUMMARY);
    return streams
        .summary(id)
        .map(SummaryView::of)
        .orElseThrow(
            () ->
                new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "There is no summary of stream '%s' here: none was given yet, or another instance has it."
                        .formatted(id)));
  }

  /**
   * Has a stream forgotten, whichever instance has it; also one that nobody knows. The answer comes
   * when the request is safe, not when it is carried out.
   */
  @Delete("/{+path}")
  @Status(HttpStatus.ACCEPTED)
  void erase(HttpRequest<?> request) {
    String id = streamId(request.getUri().getRawPath(), "");
    try {
      eraser.erase(id);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  /**
   * @param behind what stands behind the id in the path
   */
  private static String streamId(String rawPath, String behind) {
    int end = rawPath.length() - behind.length();
    int begin = PATH.length() + 1;
    String segment = rawPath.endsWith(behind) && end > begin ? rawPath.substring(begin, end) : "";
    if (segment.isEmpty() || segment.contains("/")) {
      throw new ProblemException(
          HttpStatus.NOT_FOUND,
          "There is nothing at this path; %s is at %s/{id}%s, with the id percent-encoded."
              .formatted(behind.isEmpty() ? "a stream" : "a summary", PATH, behind));
    }
    try {
      return PathSegment.decode(segment);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
