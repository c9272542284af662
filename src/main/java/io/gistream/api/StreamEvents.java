package io.gistream.api;

import io.gistream.feed.Cursor;
import io.gistream.feed.Feed;
import io.gistream.feed.Feed.Joined;
import io.gistream.feed.FeedRecord;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.stream.MemoryInfo;
import io.micronaut.http.sse.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/** The events of one stream for one client: what it missed, then what happens. */
final class StreamEvents implements Feed.Listener {
  /** Events that wait for a client before it is given up. */
  static final int MOST_WAITING = 256;

  private final String streamId;
  private final MemoryHistory memories;
  private final EventWriter writer;
  private final Runnable disconnect;
  private final Sinks.Many<Happening> live =
      Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(MOST_WAITING));

  /** Of the last memory event; only for whoever tells of summaries at the time. */
  private volatile long segments = -1;

  // only for whoever takes the events
  private @Nullable Cursor cursor;

  /** What there may be to tell. */
  private sealed interface Happening {
    record Recorded(FeedRecord record) implements Happening {}

    record Folded(MemoryInfo memory) implements Happening {}

    record Quiet(Cursor now) implements Happening {}

    record Lost(String why) implements Happening {}
  }

  /**
   * @param disconnect ends the connection, whatever is still to be sent on it
   */
  StreamEvents(String streamId, MemoryHistory memories, EventWriter writer, Runnable disconnect) {
    this.streamId = streamId;
    this.memories = memories;
    this.writer = writer;
    this.disconnect = disconnect;
  }

  /** All of it, in order. */
  Flux<Event<String>> all(Joined joined, boolean withMemory) {
    List<Happening> first = new ArrayList<>();
    joined.lost().ifPresent(why -> first.add(new Happening.Lost(why)));
    joined.first().forEach(record -> first.add(new Happening.Recorded(record)));
    if (withMemory) {
      memory().ifPresent(info -> first.add(new Happening.Folded(info)));
    }
    cursor = joined.from();
    return Flux.concat(
        Flux.just(writer.hello()),
        Flux.concat(Flux.fromIterable(first), live.asFlux()).concatMapIterable(this::events));
  }

  private List<Event<String>> events(Happening happening) {
    Cursor before = cursor;
    if (before == null) {
      throw new IllegalStateException("not begun");
    }
    if (happening instanceof Happening.Quiet quiet) {
      cursor = quiet.now();
      return List.of(writer.comment("heartbeat").id(quiet.now().toString()));
    }
    if (happening instanceof Happening.Lost lost) {
      return List.of(writer.event("reset", Map.of("reason", lost.why())).id(before.toString()));
    }
    if (happening instanceof Happening.Folded folded) {
      return List.of(
          writer
              .event("memory", MemoryView.of(streamId, folded.memory(), null))
              .id(before.toString()));
    }
    FeedRecord record = ((Happening.Recorded) happening).record();
    Cursor after = before.after(record);
    cursor = after;
    return told(record, before, after);
  }

  /** Of two events for one record, the first still stands before it. */
  private List<Event<String>> told(FeedRecord record, Cursor before, Cursor after) {
    String id = after.toString();
    if (record instanceof FeedRecord.Chunk chunk) {
      return List.of(writer.event("chunk", ChunkView.of(chunk, after)).id(id));
    }
    if (record instanceof FeedRecord.Summary summary) {
      Event<String> revised = writer.event("summary", RevisionView.of(summary, after));
      if (!summary.summary().getFinal$()) {
        return List.of(revised.id(id));
      }
      End end =
          new End(streamId, summary.summary().getEpoch(), summary.summary().getRevision(), "final");
      return List.of(revised.id(before.toString()), writer.event("end", end).id(id));
    }
    return List.of(writer.event("end", new End(streamId, null, null, "erased")).id(id));
  }

  private record End(
      String streamId, @Nullable Integer epoch, @Nullable Long revision, String reason) {}

  private Optional<MemoryInfo> memory() {
    try {
      Optional<MemoryInfo> memory =
          memories.look(streamId).filter(info -> info.segments() != segments);
      memory.ifPresent(info -> segments = info.segments());
      return memory;
    } catch (NotReadyException e) {
      return Optional.empty(); // the next summary brings it
    }
  }

  @Override
  public void on(FeedRecord record) {
    emit(new Happening.Recorded(record));
    if (record instanceof FeedRecord.Summary) {
      memory().ifPresent(info -> emit(new Happening.Folded(info)));
    }
  }

  @Override
  public void heartbeat(Cursor now) {
    emit(new Happening.Quiet(now));
  }

  @Override
  public void moved() {
    end();
  }

  void end() {
    live.tryEmitComplete();
  }

  private void emit(Happening happening) {
    if (live.tryEmitNext(happening) == EmitResult.FAIL_OVERFLOW) {
      disconnect.run();
    }
  }
}
