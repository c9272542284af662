package io.gistream.api;

import io.gistream.api.security.Caller;
import io.gistream.api.security.Role;
import io.gistream.feed.ChunkSink;
import io.gistream.feed.Numbering;
import io.gistream.feed.Talks;
import io.gistream.stream.LiveStreams;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The streams of this instance, of all of them where they are asked, and their erasure. */
@Controller(StreamsController.PATH)
final class StreamsController {
  static final String PATH = "/v1/streams";

  /** One path segment, read by {@link StreamId}. */
  static final String ID = "/{segment:[^/]+}";

  private static final int MAX_LIMIT = 1000;

  private final LiveStreams streams;
  private final ChunkSink sink;
  private final Peers peers;
  private final Talks talks;
  private final Numbering numbering;

  StreamsController(
      LiveStreams streams, ChunkSink sink, Peers peers, Talks talks, Numbering numbering) {
    this.streams = streams;
    this.sink = sink;
    this.peers = peers;
    this.talks = talks;
    this.numbering = numbering;
  }

  /**
   * A page of the streams.
   *
   * @param limit most streams of a page
   * @param after id that all of the page come behind; null for the first page
   */
  @Get
  @Needs(Role.READ)
  @ExecuteOn(TaskExecutors.IO)
  CompletableFuture<StreamsPage> list(
      HttpRequest<?> request,
      @QueryValue(defaultValue = "100") int limit,
      @QueryValue @Nullable String after) {
    Bounds.check("limit", limit, MAX_LIMIT);
    List<StreamView> own = own(Gate.caller(request), limit, after);
    return peers.streams(request).thenApply(others -> page(own, others, limit));
  }

  /** One more than is asked for, so that it is known whether there are more. */
  private List<StreamView> own(Caller caller, int limit, @Nullable String after) {
    long now = System.currentTimeMillis();
    return streams.streams().stream()
        .filter(stream -> after == null || stream.id().compareTo(after) > 0)
        .filter(stream -> caller.mayTouch(stream.id()))
        .limit(limit + 1L)
        .map(stream -> StreamView.of(stream, now))
        .toList();
  }

  private static StreamsPage page(List<StreamView> own, List<Peers.Answer> others, int limit) {
    List<StreamView> all = new ArrayList<>(own);
    boolean complete = true;
    boolean more = false;
    for (Peers.Answer answer : others) {
      complete &= answer.page() != null;
      if (answer.page() != null) {
        all.addAll(answer.page().streams());
        more |= answer.page().next() != null;
      }
    }
    all.sort(Comparator.comparing(StreamView::id));
    if (all.size() <= limit && !more) {
      return new StreamsPage(all, null, complete);
    }
    List<StreamView> page = List.copyOf(all.subList(0, Math.min(limit, all.size())));
    String last = PathSegment.encode(page.get(page.size() - 1).id());
    return new StreamsPage(page, "%s?limit=%d&after=%s".formatted(PATH, limit, last), complete);
  }

  @Get(ID)
  @Needs(Role.READ)
  @ExecuteOn(TaskExecutors.IO)
  StreamView stream(StreamId id) {
    return streams.stream(id.value())
        .map(info -> StreamView.of(info, System.currentTimeMillis()))
        .orElseThrow(
            () -> new ProblemException(HttpStatus.NOT_FOUND, "There is no stream '" + id + "'."));
  }

  /**
   * Has a stream forgotten, whichever instance has it; also one that nobody knows. The answer comes
   * when the request is safe, not when it is carried out.
   */
  @Delete(ID)
  @Needs(Role.ADMIN)
  @Status(HttpStatus.ACCEPTED)
  @ExecuteOn(Executors.WRITES)
  void erase(StreamId id) {
    talks.stop(id.value());
    try {
      sink.erase(id.value());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
    numbering.forget(id.value());
  }
}
