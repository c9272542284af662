package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.avro.TranscriptChunk;
import io.gistream.stream.ChunkDecoder;
import io.gistream.stream.DeadLetter;
import io.gistream.stream.DeadLetter.Position;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Dead letters for people and for programs. */
final class DeadLetterView {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int BYTES_PER_LINE = 16;
  private static final int MOST_BYTES_SHOWN = 4096;
  private static final int MOST_REASON = 100;
  private static final int MOST_KEY = 40;

  private DeadLetterView() {}

  // a list

  static String line(DeadLetter letter, boolean requeued) {
    Position source = letter.source();
    return "%-9d %8d  %-24s  %-20s  %-28s %8d  %-8s  %s%n"
        .formatted(
            letter.position().partition(),
            letter.position().offset(),
            time(letter.timestamp()),
            cut(key(letter), MOST_KEY),
            source == null ? "-" : source.toString(),
            length(letter.value()),
            requeued ? "yes" : "-",
            cut(Terminal.escape(letter.reason()), MOST_REASON));
  }

  static String heading() {
    return "%-9s %8s  %-24s  %-20s  %-28s %8s  %-8s  %s%n"
        .formatted("PARTITION", "OFFSET", "TIME", "STREAM", "FROM", "BYTES", "REQUEUED", "REASON");
  }

  static Map<String, @Nullable Object> fields(DeadLetter letter, boolean requeued) {
    Position source = letter.source();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("partition", letter.position().partition());
    fields.put("offset", letter.position().offset());
    fields.put("timestamp", letter.timestamp());
    fields.put("key", letter.key() == null ? null : new String(letter.key(), UTF_8));
    fields.put("source", source);
    fields.put("valueBytes", length(letter.value()));
    fields.put("omitted", letter.omitted().orElse(null));
    fields.put("requeued", requeued);
    fields.put("reason", letter.reason());
    return fields;
  }

  // all of one

  static String all(DeadLetter letter, boolean requeued, ChunkDecoder decoder) {
    StringBuilder text = new StringBuilder();
    add(text, "dead letter", letter.position().toString());
    add(text, "time", time(letter.timestamp()) + " (" + letter.timestamp() + ")");
    add(text, "key", key(letter));
    add(text, "from", letter.source() == null ? "not said" : letter.source().toString());
    add(text, "requeued", requeued ? "yes" : "no");
    add(text, "reason", Terminal.escape(letter.reason()));
    add(text, "exception", Terminal.escape(letter.exception()));
    letter.omitted().ifPresent(omitted -> add(text, "left out", omitted));
    for (Header header : letter.headers()) {
      add(text, "header", Terminal.escape(header.key()) + ": " + content(header.value()));
    }
    byte[] value = letter.value();
    if (value == null) {
      return text.append("no value\n").toString();
    }
    Optional<TranscriptChunk> chunk = chunk(letter, value, decoder);
    text.append(
        "value, %d bytes%s:%n".formatted(value.length, chunk.isPresent() ? ", a chunk" : ""));
    text.append(
        chunk.map(it -> Terminal.escape(it.toString()) + "\n").orElseGet(() -> dump(value)));
    return text.toString();
  }

  static Map<String, @Nullable Object> allFields(
      DeadLetter letter, boolean requeued, ChunkDecoder decoder) {
    Map<String, @Nullable Object> fields = fields(letter, requeued);
    fields.put("exception", letter.exception());
    fields.put("stackTrace", letter.stackTrace());
    List<Map<String, @Nullable Object>> headers = new ArrayList<>();
    for (Header header : letter.headers()) {
      Map<String, @Nullable Object> field = new LinkedHashMap<>();
      field.put("key", header.key());
      field.put("valueBase64", base64(header.value()));
      headers.add(field);
    }
    fields.put("headers", headers);
    fields.put("valueBase64", base64(letter.value()));
    byte[] value = letter.value();
    fields.put(
        "chunk",
        value == null
            ? null
            : chunk(letter, value, decoder).map(DeadLetterView::tree).orElse(null));
    return fields;
  }

  static String json(Object value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of plain values can always be written", e);
    }
  }

  private static void add(StringBuilder text, String name, String value) {
    text.append("%-12s %s%n".formatted(name, value));
  }

  private static Optional<TranscriptChunk> chunk(
      DeadLetter letter, byte[] value, ChunkDecoder decoder) {
    try {
      return Optional.of(decoder.decode(letter.key(), value, letter.headers()));
    } catch (RuntimeException e) {
      return Optional.empty(); // it is shown as bytes then, whatever the decoder says
    }
  }

  private static Object tree(TranscriptChunk chunk) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("streamId", chunk.getStreamId());
    fields.put("sequence", chunk.getSequence());
    fields.put("text", chunk.getText());
    fields.put("speaker", chunk.getSpeaker());
    fields.put("startMillis", chunk.getStartMillis());
    fields.put("endMillis", chunk.getEndMillis());
    fields.put("status", chunk.getStatus().name());
    fields.put("endOfStream", chunk.getEndOfStream());
    fields.put("attributes", chunk.getAttributes());
    return fields;
  }

  /** Text as it is, anything else in hex. */
  private static String dump(byte[] value) {
    Optional<String> text = text(value).filter(DeadLetterView::isReadable);
    if (text.isPresent()) {
      return text.get().lines().map(Terminal::escape).reduce("", (all, line) -> all + line + "\n");
    }
    StringBuilder dump = new StringBuilder();
    for (int i = 0; i < Math.min(value.length, MOST_BYTES_SHOWN); i += BYTES_PER_LINE) {
      int end = Math.min(value.length, i + BYTES_PER_LINE);
      StringBuilder characters = new StringBuilder();
      for (int j = i; j < end; j++) {
        characters.append(value[j] >= ' ' && value[j] <= '~' ? (char) value[j] : '.');
      }
      String hex = HexFormat.ofDelimiter(" ").formatHex(value, i, end);
      dump.append("%08x  %-47s  %s%n".formatted(i, hex, characters));
    }
    if (value.length > MOST_BYTES_SHOWN) {
      dump.append(
          "and %d bytes more; --value FILE writes all%n"
              .formatted(value.length - MOST_BYTES_SHOWN));
    }
    return dump.toString();
  }

  /** The text that the bytes are, if they are one. */
  private static Optional<String> text(byte[] value) {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isReadable(String text) {
    return text.chars().allMatch(c -> !Character.isISOControl(c) || Character.isWhitespace(c));
  }

  private static String key(DeadLetter letter) {
    return letter.key() == null ? "no key" : content(letter.key());
  }

  private static String content(byte @Nullable [] bytes) {
    return bytes == null
        ? "null"
        : text(bytes).map(Terminal::escape).orElseGet(() -> "0x" + HexFormat.of().formatHex(bytes));
  }

  private static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  private static String time(long timestamp) {
    String time = Instant.ofEpochMilli(timestamp).toString();
    return time.length() <= 24 ? time : Long.toString(timestamp);
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
