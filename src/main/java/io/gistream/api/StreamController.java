package io.gistream.api;

import io.gistream.api.security.Role;
import io.gistream.feed.Cursor;
import io.gistream.feed.Feed;
import io.gistream.feed.FeedRecord;
import io.gistream.feed.Position;
import io.gistream.feed.StreamHistory;
import io.gistream.stream.LiveStreams;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One stream: what its state says, and what this instance remembers of it. */
@Controller(StreamsController.PATH + StreamsController.ID)
@Needs(Role.READ)
@ExecuteOn(TaskExecutors.IO)
final class StreamController {
  private static final int MAX_REVISIONS = 256;
  private static final int MAX_CHUNKS = 512;

  private final LiveStreams streams;
  private final Feed feed;
  private final MemoryHistory memories;

  StreamController(LiveStreams streams, Feed feed, MemoryHistory memories) {
    this.streams = streams;
    this.feed = feed;
    this.memories = memories;
  }

  /** Recent revisions of one talk. */
  record Revisions(
      String streamId, int epoch, List<RevisionView> revisions, Revisions.Log log, boolean more) {
    /**
     * How far back the log goes.
     *
     * @param firstRevision null when it has none
     */
    record Log(@Nullable Long firstRevision, boolean complete) {}
  }

  /** Recent chunks. */
  record Chunks(String streamId, List<ChunkView> chunks, Chunks.Log log, boolean more) {
    /**
     * How far back the log goes.
     *
     * @param firstSequence null when it has none
     */
    record Log(@Nullable Long firstSequence, boolean complete) {}
  }

  /** The latest summary. */
  @Get("/summary")
  SummaryView summary(StreamId id) {
    return streams
        .summary(id.value())
        .map(SummaryView::of)
        .orElseThrow(
            () ->
                new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "There is no summary of stream '%s' here: none was given yet, or another instance has it."
                        .formatted(id)));
  }

  /**
   * Recent summaries of a talk.
   *
   * @param since revision that all of them come behind; null for the last ones
   * @param epoch null for the latest talk
   */
  @Get("/revisions")
  Revisions revisions(
      StreamId id,
      @QueryValue @Nullable Long since,
      @QueryValue(defaultValue = "100") int limit,
      @QueryValue @Nullable Integer epoch) {
    Bounds.check("limit", limit, MAX_REVISIONS);
    Optional<StreamHistory> history = known(id);
    List<FeedRecord.Summary> all = history.map(StreamHistory::summaries).orElse(List.of());
    int talk =
        epoch != null ? epoch : all.isEmpty() ? 0 : all.get(all.size() - 1).summary().getEpoch();
    List<FeedRecord.Summary> ofTalk =
        all.stream().filter(it -> it.summary().getEpoch() == talk).toList();
    Part<FeedRecord.Summary> part =
        Part.of(ofTalk, since == null ? null : it -> it.summary().getRevision() > since, limit);
    Long first = ofTalk.isEmpty() ? null : ofTalk.get(0).summary().getRevision();
    return new Revisions(
        id.value(),
        talk,
        part.records().stream()
            .map(it -> RevisionView.of(it, after(it, history.orElseThrow())))
            .toList(),
        new Revisions.Log(first, first != null && first == 1),
        part.more());
  }

  /**
   * Recent chunks.
   *
   * @param since sequence number that all of them are above; null for the last ones
   */
  @Get("/chunks")
  Chunks chunks(
      StreamId id, @QueryValue @Nullable Long since, @QueryValue(defaultValue = "100") int limit) {
    Bounds.check("limit", limit, MAX_CHUNKS);
    Optional<StreamHistory> history = known(id);
    List<FeedRecord.Chunk> all = history.map(StreamHistory::chunks).orElse(List.of());
    Part<FeedRecord.Chunk> part =
        Part.of(all, since == null ? null : it -> it.chunk().getSequence() > since, limit);
    return new Chunks(
        id.value(),
        part.records().stream()
            .map(it -> ChunkView.of(it, after(it, history.orElseThrow())))
            .toList(),
        new Chunks.Log(
            all.isEmpty() ? null : Long.valueOf(all.get(0).chunk().getSequence()),
            history.map(StreamHistory::chunksComplete).orElse(false)),
        part.more());
  }

  /** What the memory holds and held. */
  @Get("/memory")
  MemoryView memory(StreamId id) {
    return memories
        .look(id.value())
        .map(info -> MemoryView.of(id.value(), info, memories.history(id.value())))
        .orElseThrow(() -> unknown(id));
  }

  private Optional<StreamHistory> known(StreamId id) {
    Optional<StreamHistory> history = feed.history(id.value());
    if (history.isEmpty() && streams.stream(id.value()).isEmpty()) {
      throw unknown(id);
    }
    return history;
  }

  private static ProblemException unknown(StreamId id) {
    return new ProblemException(HttpStatus.NOT_FOUND, "There is no stream '" + id + "'.");
  }

  /** What one page shows of a log. */
  private record Part<R>(List<R> records, boolean more) {
    /**
     * @param wanted null for the last ones
     */
    static <R> Part<R> of(List<R> all, @Nullable Predicate<R> wanted, int limit) {
      if (wanted == null) {
        return new Part<>(all.subList(Math.max(0, all.size() - limit), all.size()), false);
      }
      List<R> matching = all.stream().filter(wanted).toList();
      return new Part<>(
          matching.subList(0, Math.min(limit, matching.size())), matching.size() > limit);
    }
  }

  /** Behind a summary: the chunks that it covers are behind one too. */
  private static Cursor after(FeedRecord.Summary summary, StreamHistory history) {
    Position cause = summary.cause();
    Cursor start = history.cursor();
    Position chunks =
        cause != null && cause.partition() == start.chunks().partition()
            ? new Position(cause.partition(), cause.offset() + 1)
            : start.chunks();
    return new Cursor(chunks, start.summaries()).after(summary);
  }

  /** Behind a chunk: its summary is still to come. */
  private static Cursor after(FeedRecord.Chunk chunk, StreamHistory history) {
    Position summaries = history.cursor().summaries();
    for (FeedRecord.Summary summary : history.summaries()) {
      Position cause = summary.cause();
      if (cause != null && cause.offset() >= chunk.position().offset()) {
        break;
      }
      summaries = new Position(summary.position().partition(), summary.position().offset() + 1);
    }
    return new Cursor(chunk.position(), summaries).after(chunk);
  }
}
