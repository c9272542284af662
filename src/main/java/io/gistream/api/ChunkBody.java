package io.gistream.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.feed.ChunkSink.TimedChunk;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of chunks that somebody sends, read strictly: what is misspelt must not be left out in
 * silence.
 *
 * @param numbered whether the chunks have sequence numbers; those that have not count from 0
 */
record ChunkBody(List<TimedChunk> chunks, boolean numbered) {
  static final int MAX_CHUNKS = 1000;

  /** Entries of a chunk's attributes, which are kept until it is read. */
  private static final int MAX_ATTRIBUTES = 64;

  /** Beyond, dates are of no known calendar: the year 9999. */
  private static final long MAX_TIMESTAMP = 253_402_300_799_999L;

  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "sequence",
              "text",
              "speaker",
              "startMillis",
              "endMillis",
              "status",
              "endOfStream",
              "attributes",
              "timestamp"));

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  /**
   * Reads one object or an array of them.
   *
   * @throws ProblemException when it is neither, with the place and what is wrong there
   */
  static ChunkBody read(byte[] body, String streamId) {
    JsonNode root = json(body);
    List<JsonNode> nodes = new ArrayList<>();
    if (root.isArray()) {
      root.forEach(nodes::add);
    } else {
      nodes.add(root);
    }
    if (nodes.isEmpty() || nodes.size() > MAX_CHUNKS) {
      throw wrong("%d chunks; there may be 1 to %d in one request", nodes.size(), MAX_CHUNKS);
    }
    boolean numbered = nodes.get(0).hasNonNull("sequence");
    List<TimedChunk> chunks = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      String place = root.isArray() ? "chunks[" + i + "]" : "the chunk";
      Fields fields = new Fields(nodes.get(i), place);
      if (nodes.get(i).hasNonNull("sequence") != numbered) {
        throw wrong(
            "%s.sequence: give every chunk of a request a number, or none; see docs/http-api.md",
            place);
      }
      chunks.add(fields.chunk(streamId, numbered ? null : Long.valueOf(i)));
    }
    return new ChunkBody(chunks, numbered);
  }

  /** A whole number from an object that may hold nothing else; null when there is none. */
  static @Nullable Long onlyNumber(byte[] body, String name) {
    if (body.length == 0) {
      return null;
    }
    JsonNode root = json(body);
    root.fieldNames()
        .forEachRemaining(
            field -> {
              if (!field.equals(name)) {
                throw wrong("there is no field '%s'; there is %s", field, name);
              }
            });
    return new Fields(root, "the body").number(name);
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (root == null || !root.isContainerNode()) {
        throw wrong("the body is no JSON object or array");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw wrong(
          "the body is no JSON: line %d, column %d: %s",
          e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
          e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
          e.getOriginalMessage());
    } catch (IOException e) {
      throw wrong("the body is no JSON: %s", String.valueOf(e.getMessage()));
    }
  }

  /** These chunks, numbered from a number on. */
  List<TimedChunk> from(long first) {
    return chunks.stream()
        .map(
            it ->
                new TimedChunk(
                    renumbered(it.chunk(), first + it.chunk().getSequence()), it.timestamp()))
        .toList();
  }

  private static TranscriptChunk renumbered(TranscriptChunk chunk, long sequence) {
    return new TranscriptChunk(
        chunk.getStreamId(),
        sequence,
        chunk.getText(),
        chunk.getSpeaker(),
        chunk.getStartMillis(),
        chunk.getEndMillis(),
        chunk.getStatus(),
        chunk.getEndOfStream(),
        chunk.getAttributes());
  }

  private static ProblemException wrong(String format, Object... args) {
    return new ProblemException(HttpStatus.BAD_REQUEST, format.formatted(args));
  }

  /** The fields of one object. */
  private record Fields(JsonNode node, String place) {
    TranscriptChunk read(String streamId, long sequence) {
      String text = text("text");
      if (text == null) {
        throw wrong("%s.text is missing", place);
      }
      return new TranscriptChunk(
          streamId,
          sequence,
          text,
          text("speaker"),
          number("startMillis"),
          number("endMillis"),
          status(),
          flag("endOfStream"),
          attributes());
    }

    /**
     * @param index where it has no number of its own
     */
    TimedChunk chunk(String streamId, @Nullable Long index) {
      if (!node.isObject()) {
        throw wrong("%s is no object", place);
      }
      node.fieldNames()
          .forEachRemaining(
              field -> {
                if (!FIELDS.contains(field)) {
                  throw wrong("%s: there is no field '%s'; there are %s", place, field, FIELDS);
                }
              });
      Long own = number("sequence");
      TranscriptChunk chunk = read(streamId, own != null ? own : index != null ? index : 0);
      if (index != null && chunk.getStatus() == ChunkStatus.DRAFT) {
        throw wrong("%s: a draft needs its sequence number", place);
      }
      Long timestamp = number("timestamp");
      if (timestamp != null && (timestamp < 0 || timestamp > MAX_TIMESTAMP)) {
        throw wrong("%s.timestamp must be milliseconds since 1970", place);
      }
      return new TimedChunk(chunk, timestamp);
    }

    private @Nullable String text(String name) {
      JsonNode value = node.path(name);
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      if (!value.isTextual()) {
        throw wrong("%s.%s is no text", place, name);
      }
      return wellFormed(value.textValue(), name);
    }

    /** JSON can spell what UTF-8 cannot. */
    private String wellFormed(String text, String name) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (Character.isSurrogate(c)) {
          boolean pair =
              Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1));
          if (!pair) {
            throw wrong("%s.%s has half a character at %d", place, name, i);
          }
          i++;
        }
      }
      return text;
    }

    private @Nullable Long number(String name) {
      JsonNode value = node.path(name);
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw wrong("%s.%s is no whole number", place, name);
      }
      return value.longValue();
    }

    private boolean flag(String name) {
      JsonNode value = node.path(name);
      if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
        throw wrong("%s.%s is neither true nor false", place, name);
      }
      return value.asBoolean(false);
    }

    private ChunkStatus status() {
      String status = text("status");
      if (status == null) {
        return ChunkStatus.CONFIRMED;
      }
      return switch (status) {
        case "CONFIRMED" -> ChunkStatus.CONFIRMED;
        case "DRAFT" -> ChunkStatus.DRAFT;
        default -> throw wrong("%s.status is neither CONFIRMED nor DRAFT", place);
      };
    }

    private Map<String, String> attributes() {
      JsonNode value = node.path("attributes");
      if (value.isMissingNode() || value.isNull()) {
        return Map.of();
      }
      if (!value.isObject() || value.size() > MAX_ATTRIBUTES) {
        throw wrong("%s.attributes must be an object of at most %d texts", place, MAX_ATTRIBUTES);
      }
      Map<String, String> attributes = new LinkedHashMap<>();
      value
          .properties()
          .forEach(
              entry -> {
                if (!entry.getValue().isTextual()) {
                  throw wrong("%s.attributes: '%s' is no text", place, entry.getKey());
                }
                attributes.put(
                    wellFormed(entry.getKey(), "attributes"),
                    wellFormed(entry.getValue().textValue(), "attributes"));
              });
      return attributes;
    }
  }
}
