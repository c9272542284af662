package io.gistream.api;

import io.gistream.api.security.Role;
import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.feed.ChunkSink;
import io.gistream.feed.ChunkSink.Placed;
import io.gistream.feed.ChunkSink.TimedChunk;
import io.gistream.feed.ChunkSink.TooLargeException;
import io.gistream.feed.Numbering;
import io.gistream.feed.Talks;
import io.gistream.stream.LiveStreams;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.stream.StreamInfo;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Takes chunks and transcripts, and answers once they are on the topic for good. */
@Controller(StreamsController.PATH + StreamsController.ID)
@Needs(Role.WRITE)
@Consumes(MediaType.ALL)
@ExecuteOn(Executors.WRITES)
final class IngestController {
  private static final double MAX_SPEED = 10_000;
  private static final byte[] NO_BYTES = {};

  private final LiveStreams streams;
  private final ChunkSink sink;
  private final Numbering numbering;
  private final Talks talks;

  IngestController(LiveStreams streams, ChunkSink sink, Numbering numbering, Talks talks) {
    this.streams = streams;
    this.sink = sink;
    this.numbering = numbering;
    this.talks = talks;
  }

  /** What is on the topic now. */
  record Taken(String streamId, long first, long last, List<Placed> chunks) {}

  /** The talk that is on the topic now, or on its way there. */
  record TakenTalk(
      String streamId,
      String format,
      int chunks,
      long words,
      long durationMillis,
      boolean playing) {}

  /** The end marker. */
  record Ended(String streamId, long sequence, int partition, long offset) {}

  /** Puts chunks on the topic. */
  @Post("/chunks")
  Taken chunks(HttpRequest<?> request, StreamId id, @Body @Nullable byte[] body) {
    requireJson(request);
    ChunkBody chunks = ChunkBody.read(body == null ? NO_BYTES : body, id.value());
    List<Placed> placed =
        refused(
            () -> {
              check(chunks);
              if (chunks.numbered()) {
                List<Placed> done = sink.put(chunks.chunks());
                done.forEach(it -> numbering.remember(id.value(), it.sequence()));
                return done;
              }
              requireHere(id);
              return numbering.take(
                  id.value(), chunks.chunks().size(), first -> sink.put(chunks.from(first)));
            });
    return new Taken(
        id.value(),
        placed.stream().mapToLong(Placed::sequence).min().orElseThrow(),
        placed.stream().mapToLong(Placed::sequence).max().orElseThrow(),
        placed);
  }

  /**
   * Puts a whole talk on the topic, or plays it there.
   *
   * @param speed times the pace of the talk; 0 for at once
   * @param format null to go by the type of the body
   */
  @Post("/transcript")
  HttpResponse<TakenTalk> transcript(
      HttpRequest<?> request,
      StreamId id,
      @Body @Nullable byte[] body,
      @QueryValue(defaultValue = "0") double speed,
      @QueryValue @Nullable String format) {
    if (!(speed >= 0 && speed <= MAX_SPEED)) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST, "speed is %s; it may be 0 to %.0f".formatted(speed, MAX_SPEED));
    }
    requirePlain(request);
    TranscriptBody transcript =
        TranscriptBody.read(
            body == null ? NO_BYTES : body,
            request.getContentType().orElse(null),
            format,
            id.value());
    requireHere(id);
    if (talks.isPlaying(id.value())) {
      throw playsAlready(id);
    }
    Optional<StreamInfo> info = streams.stream(id.value());
    if (info.isPresent() && !info.get().closed()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "stream '%s' is open; end it first, or choose another id".formatted(id));
    }
    refused(
        () -> {
          transcript.talk().chunks().forEach(sink::check);
          return true;
        });
    if (speed > 0) {
      if (!talks.play(transcript.talk(), speed)) {
        throw playsAlready(id);
      }
      return HttpResponse.accepted().body(taken(id, transcript, true));
    }
    numbering.forget(id.value());
    talks.put(transcript.talk(), System.currentTimeMillis());
    return HttpResponse.ok(taken(id, transcript, false));
  }

  private static ProblemException playsAlready(StreamId id) {
    return new ProblemException(
        HttpStatus.CONFLICT, "a transcript of stream '%s' plays already".formatted(id));
  }

  private static TakenTalk taken(StreamId id, TranscriptBody transcript, boolean playing) {
    return new TakenTalk(
        id.value(),
        transcript.format().name().toLowerCase(Locale.ROOT),
        transcript.talk().chunks().size(),
        transcript.words(),
        transcript.talk().lengthMillis(),
        playing);
  }

  /** Puts the end marker on the topic. */
  @Post("/end")
  Ended end(HttpRequest<?> request, StreamId id, @Body @Nullable byte[] body) {
    Long sequence = ChunkBody.onlyNumber(body == null ? NO_BYTES : body, "sequence");
    if (sequence == null) {
      requireHere(id);
    }
    talks.stop(id.value());
    if (sequence == null && streams.stream(id.value()).map(StreamInfo::closed).orElse(false)) {
      throw new ProblemException(HttpStatus.CONFLICT, "stream '%s' is final already".formatted(id));
    }
    if (sequence == null && !numbering.knows(id.value())) {
      throw new ProblemException(
          HttpStatus.NOT_FOUND, "There is no stream '%s' that could end.".formatted(id));
    }
    Placed placed =
        refused(
            () ->
                sequence == null
                    ? numbering.take(id.value(), 1, next -> putEnd(id, next))
                    : putEnd(id, sequence));
    numbering.remember(id.value(), placed.sequence());
    return new Ended(id.value(), placed.sequence(), placed.partition(), placed.offset());
  }

  private Placed putEnd(StreamId id, long sequence) {
    TranscriptChunk end =
        new TranscriptChunk(
            id.value(), sequence, "", null, null, null, ChunkStatus.CONFIRMED, true, Map.of());
    return sink.put(List.of(new TimedChunk(end, null))).get(0);
  }

  private void check(ChunkBody chunks) {
    for (int i = 0; i < chunks.chunks().size(); i++) {
      try {
        sink.check(chunks.chunks().get(i).chunk());
      } catch (TooLargeException e) {
        throw new TooLargeException("chunks[%d]: %s".formatted(i, e.getMessage()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("chunks[%d]: %s".formatted(i, e.getMessage()), e);
      }
    }
  }

  /** Only the instance that has a stream knows how it goes on. */
  private void requireHere(StreamId id) {
    if (streams.elsewhere(id.value()).isPresent()) {
      throw new NotReadyException(
          "the instance that has stream '%s' cannot be reached".formatted(id),
          new IllegalStateException());
    }
  }

  private static void requirePlain(HttpRequest<?> request) {
    String encoding = request.getHeaders().get("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the body is compressed; send it as it is");
    }
  }

  private static void requireJson(HttpRequest<?> request) {
    requirePlain(request);
    String type = request.getContentType().map(MediaType::getName).orElse("");
    if (!type.equalsIgnoreCase(MediaType.APPLICATION_JSON)) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "chunks are sent as application/json");
    }
  }

  /** What could not be summarised is not taken. */
  private static <T> T refused(Supplier<T> work) {
    try {
      return work.get();
    } catch (TooLargeException e) {
      throw new ProblemException(
          HttpStatus.REQUEST_ENTITY_TOO_LARGE, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
