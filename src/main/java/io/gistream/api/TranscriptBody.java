package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.TranscriptChunk;
import io.gistream.transcript.TalkSchedule;
import io.gistream.transcript.TranscriptException;
import io.gistream.transcript.TranscriptFormat;
import io.gistream.transcript.Transcripts;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A transcript that somebody sends, as a talk from its beginning to its end. */
record TranscriptBody(TranscriptFormat format, TalkSchedule talk) {
  private static final Map<String, TranscriptFormat> TYPES =
      Map.ofEntries(
          Map.entry("text/vtt", TranscriptFormat.VTT),
          Map.entry("application/x-subrip", TranscriptFormat.SRT),
          Map.entry("text/srt", TranscriptFormat.SRT),
          Map.entry("application/jsonl", TranscriptFormat.JSONL),
          Map.entry("application/x-ndjson", TranscriptFormat.JSONL),
          Map.entry("text/csv", TranscriptFormat.CSV),
          Map.entry("application/ttml+xml", TranscriptFormat.XML),
          Map.entry("application/xml", TranscriptFormat.XML),
          Map.entry("text/xml", TranscriptFormat.XML));

  /** Types that may hold more than one format. */
  private static final List<String> TO_FIND_OUT =
      List.of("text/plain", "application/json", "application/octet-stream");

  private static final int LOOKED_AT = 16 << 10;

  /**
   * @param type Content-Type; null when there is none
   * @param format null to go by the type
   * @throws ProblemException when it cannot be read, or has no talk in it
   */
  static TranscriptBody read(
      byte[] body, @Nullable MediaType type, @Nullable String format, String streamId) {
    if (body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the body is compressed; send it as it is");
    }
    TranscriptFormat known = format == null ? byType(body, type) : byName(format);
    try (Stream<TranscriptChunk> chunks =
        Transcripts.read(new ByteArrayInputStream(body), known, streamId)) {
      List<TranscriptChunk> talk = chunks.collect(Collectors.toCollection(ArrayList::new));
      if (talk.isEmpty()) {
        throw new ProblemException(HttpStatus.BAD_REQUEST, "there is no talk in the body");
      }
      talk.set(talk.size() - 1, ending(talk.get(talk.size() - 1)));
      return new TranscriptBody(known, TalkSchedule.of(talk));
    } catch (TranscriptException e) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static TranscriptFormat byName(String name) {
    return Arrays.stream(TranscriptFormat.values())
        .filter(format -> format.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    HttpStatus.BAD_REQUEST,
                    "there is no format '%s'; there are %s"
                        .formatted(
                            name,
                            Arrays.stream(TranscriptFormat.values())
                                .map(it -> it.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")))));
  }

  private static TranscriptFormat byType(byte[] body, @Nullable MediaType type) {
    String name =
        type == null ? "application/octet-stream" : type.getName().toLowerCase(Locale.ROOT);
    TranscriptFormat known = TYPES.get(name);
    if (known != null) {
      return known;
    }
    if (!TO_FIND_OUT.contains(name)) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "a body of type '%s' cannot be read; say what it is with ?format=".formatted(name));
    }
    String beginning = new String(body, 0, Math.min(body.length, LOOKED_AT), UTF_8);
    return TranscriptFormat.detect(
        beginning, name.equals("application/json") ? "transcript.json" : null);
  }

  private static TranscriptChunk ending(TranscriptChunk last) {
    return new TranscriptChunk(
        last.getStreamId(),
        last.getSequence(),
        last.getText(),
        last.getSpeaker(),
        last.getStartMillis(),
        last.getEndMillis(),
        last.getStatus(),
        true,
        last.getAttributes());
  }

  long words() {
    return talk.chunks().stream()
        .mapToLong(chunk -> chunk.getText().strip().split("\\s+").length)
        .sum();
  }
}
