package io.gistream.api;

import io.gistream.api.security.Caller;
import io.gistream.api.security.Role;
import io.gistream.feed.Cursor;
import io.gistream.feed.Feed;
import io.gistream.feed.Feed.Joined;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.netty.channel.ChannelFuture;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Server-sent events (WHATWG HTML, section 9.2). */
@Controller("/v1")
@Needs(Role.READ)
@ExecuteOn(Executors.EVENTS)
final class EventsController {
  private static final int MAX_CHUNKS = 512;

  private final Feed feed;
  private final MemoryHistory memories;
  private final EventWriter writer;
  private final EventStreams open;
  private final Overview overview;
  private final Gate gate;

  EventsController(
      Feed feed,
      MemoryHistory memories,
      EventWriter writer,
      EventStreams open,
      Overview overview,
      Gate gate) {
    this.feed = feed;
    this.memories = memories;
    this.writer = writer;
    this.open = open;
    this.overview = overview;
    this.gate = gate;
  }

  /**
   * What happens to a stream.
   *
   * @param chunks how many remembered ones come first, for those who come for the first time
   * @param lastEventId for those who cannot send the header
   */
  @Get(
      value = "/streams" + StreamsController.ID + "/events",
      produces = MediaType.TEXT_EVENT_STREAM)
  Publisher<Event<String>> events(
      HttpRequest<?> request,
      StreamId id,
      @QueryValue(defaultValue = "0") int chunks,
      @Header("Last-Event-ID") @Nullable String header,
      @QueryValue @Nullable String lastEventId) {
    if (chunks < 0 || chunks > MAX_CHUNKS) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST, "chunks is %d; it may be 0 to %d".formatted(chunks, MAX_CHUNKS));
    }
    Optional<Cursor> from =
        Optional.ofNullable(header == null ? lastEventId : header).flatMap(Cursor::parse);
    Place place = new Place(open, gate.client(request), request);
    StreamEvents events = new StreamEvents(id.value(), memories, writer, place::disconnect);
    place.whenLeft(() -> feed.leave(events));
    try {
      Joined joined = feed.join(id.value(), from, chunks, events);
      place.opened(events::end);
      return events.all(joined, from.isEmpty()).doFinally(signal -> place.leave());
    } catch (RuntimeException e) {
      place.leave();
      throw e;
    }
  }

  /** What happens to all of them, once a second. */
  @Get(value = "/events", produces = MediaType.TEXT_EVENT_STREAM)
  Publisher<Event<String>> overview(HttpRequest<?> request) {
    Caller caller = Gate.caller(request);
    Place place = new Place(open, gate.client(request), request);
    Overview.Watcher watcher = overview.watch(place::disconnect);
    place.whenLeft(() -> overview.leave(watcher));
    place.opened(watcher::end);
    return Flux.concat(
            Flux.just(writer.hello()),
            watcher.ticks().map(tick -> writer.event("tick", tick.of(caller))))
        .doFinally(signal -> place.leave());
  }

  /** The place of one client among the event streams. */
  private static final class Place {
    private final EventStreams open;
    private final String client;
    private final HttpRequest<?> request;
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile Runnable end = () -> {};
    private volatile Runnable whenLeft = () -> {};

    /** Throws the problem when there is none. */
    Place(EventStreams open, String client, HttpRequest<?> request) {
      open.enter(client);
      this.open = open;
      this.client = client;
      this.request = request;
    }

    void whenLeft(Runnable action) {
      whenLeft = action;
    }

    /**
     * @param byServer ends the events when the server ends
     */
    void opened(Runnable byServer) {
      end = byServer;
      open.opened(byServer);
    }

    void leave() {
      if (left.compareAndSet(false, true)) {
        whenLeft.run();
        open.closed(end);
        open.leave(client);
      }
    }

    /** Ends a connection that nobody reads: what is still to be sent would keep it for ever. */
    void disconnect() {
      leave();
      if (request instanceof NettyHttpRequest<?> netty) {
        ChannelFuture unused = netty.getChannelHandlerContext().close();
      }
    }
  }
}
