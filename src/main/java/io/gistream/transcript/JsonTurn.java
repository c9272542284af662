package io.gistream.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One turn as a JSON object has it, whatever its fields are called.
 *
 * @param text what was said
 * @param speaker null when not named
 * @param start milliseconds; see {@code seconds}
 * @param end as {@code start}
 * @param seconds whether the times were whole numbers, taken for seconds without being told
 */
record JsonTurn(
    String text,
    @Nullable String speaker,
    @Nullable Long start,
    @Nullable Long end,
    boolean seconds) {

  private static final List<String> TEXT =
      List.of(
          "text",
          "transcript",
          "content",
          "utterance",
          "sentence",
          "caption",
          "display",
          "body",
          "message",
          "punctuatedtext",
          "line",
          "value",
          "words");

  private static final List<String> SPEAKER =
      List.of(
          "speaker",
          "speakername",
          "speakerlabel",
          "speakerid",
          "speakertag",
          "spk",
          "name",
          "author",
          "user",
          "participant",
          "role",
          "from");

  private static final List<String> START =
      List.of(
          "start",
          "starttime",
          "startsat",
          "startoffset",
          "begin",
          "begintime",
          "beginsat",
          "offset",
          "from",
          "time",
          "timestamp",
          "ts",
          "tstart");

  private static final List<String> END =
      List.of("end", "endtime", "endsat", "endoffset", "stop", "stoptime", "to");

  private static final List<String> DURATION = List.of("duration", "dur", "dduration", "length");

  /** Endings of a field's name that tell its unit, in milliseconds. */
  private static final Map<String, Double> UNITS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("milliseconds", 1.0),
              Map.entry("millis", 1.0),
              Map.entry("msec", 1.0),
              Map.entry("ms", 1.0),
              Map.entry("seconds", 1000.0),
              Map.entry("secs", 1000.0),
              Map.entry("sec", 1000.0),
              Map.entry("s", 1000.0),
              Map.entry("micros", 1e-3),
              Map.entry("us", 1e-3),
              Map.entry("nanos", 1e-6),
              Map.entry("ns", 1e-6),
              Map.entry("inticks", 1e-4),
              Map.entry("ticks", 1e-4)));

  /** Longer than any talk: what lies behind is a date. */
  private static final double MOST_MILLIS = 1e12;

  private record Time(double millis, boolean guessed) {}

  /** The turn that an object is; null when it has no text field. A field may be empty. */
  static @Nullable JsonTurn of(JsonNode object) {
    Map<String, JsonNode> fields = fields(object);
    String text = text(fields);
    if (text == null) {
      return null;
    }
    Time start = time(fields, START);
    Time end = time(fields, END);
    if (start == null && end == null) {
      JsonNode pair = fields.get("timestamp");
      if (pair != null && pair.isArray() && pair.size() == 2) {
        start = time(pair.get(0), 1000);
        end = time(pair.get(1), 1000);
      }
      // whisper.cpp: offsets in milliseconds
      JsonNode offsets = fields.get("offsets");
      if (offsets != null && offsets.isObject()) {
        start = time(offsets.path("from"), 1);
        end = time(offsets.path("to"), 1);
      }
    }
    JsonNode words = words(fields);
    if (start == null && end == null && words != null) {
      start = time(fields(words.get(0)), START);
      end = time(fields(words.get(words.size() - 1)), END);
    }
    if (start != null && end == null) {
      Time duration = time(fields, DURATION);
      end = duration == null ? null : new Time(start.millis() + duration.millis(), start.guessed());
    }
    boolean guessed = (start != null && start.guessed()) && (end == null || end.guessed());
    return new JsonTurn(text.strip(), speaker(fields), millis(start), millis(end), guessed);
  }

  /** Whether a speech service says that it will say this again, better. */
  static boolean isDraft(JsonNode object) {
    Map<String, JsonNode> fields = fields(object);
    return isFalse(fields.get("isfinal"))
        || isFalse(fields.get("final"))
        || isTrue(fields.get("ispartial"))
        || isTrue(fields.get("partial"))
        || isTrue(fields.get("interim"));
  }

  private static boolean isFalse(@Nullable JsonNode node) {
    return node != null && node.isBoolean() && !node.booleanValue();
  }

  private static boolean isTrue(@Nullable JsonNode node) {
    return node != null && node.isBoolean() && node.booleanValue();
  }

  /** Fields by name in small letters without {@code _} and {@code -}; of two the first. */
  static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new HashMap<>();
    Iterator<Map.Entry<String, JsonNode>> entries = object.fields();
    while (entries.hasNext()) {
      Map.Entry<String, JsonNode> entry = entries.next();
      if (!entry.getValue().isNull()) {
        fields.putIfAbsent(
            entry.getKey().toLowerCase(Locale.ROOT).replaceAll("[_\\s-]", ""), entry.getValue());
      }
    }
    return fields;
  }

  private static @Nullable String text(Map<String, JsonNode> fields) {
    for (String name : TEXT) {
      JsonNode node = fields.get(name);
      String text = node == null ? null : text(node);
      if (text != null) {
        return text;
      }
    }
    JsonNode best = firstOf(fields.get("alternatives"));
    if (best == null) {
      best = firstOf(fields.get("nbest"));
    }
    if (best == null && fields.containsKey("channel")) {
      best = firstOf(fields.get("channel").get("alternatives"));
    }
    if (best != null && best.isObject()) {
      return text(fields(best));
    }
    JsonNode pieces = fields.get("segs");
    return pieces == null ? null : joined(pieces, "utf8", "");
  }

  private static @Nullable JsonNode firstOf(@Nullable JsonNode array) {
    return array != null && array.isArray() ? array.get(0) : null;
  }

  private static @Nullable String text(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (!node.isArray() || node.isEmpty()) {
      return null;
    }
    if (node.get(0).isTextual()) {
      List<String> pieces = new ArrayList<>();
      node.forEach(piece -> pieces.add(piece.asText()));
      return String.join(" ", pieces);
    }
    for (String name : List.of("punctuated_word", "word", "text", "content")) {
      String words = joined(node, name, " ");
      if (words != null) {
        return words;
      }
    }
    return null;
  }

  /** A text field of each element, joined; null when the first has none. */
  private static @Nullable String joined(JsonNode array, String name, String separator) {
    if (!array.isArray() || array.isEmpty() || !array.get(0).path(name).isTextual()) {
      return null;
    }
    List<String> pieces = new ArrayList<>();
    array.forEach(element -> pieces.add(element.path(name).asText().strip()));
    return separator.isEmpty() ? joinedAsIs(array, name) : String.join(separator, pieces);
  }

  private static String joinedAsIs(JsonNode array, String name) {
    StringBuilder text = new StringBuilder();
    array.forEach(element -> text.append(element.path(name).asText()));
    return text.toString();
  }

  private static @Nullable String speaker(Map<String, JsonNode> fields) {
    for (String name : SPEAKER) {
      JsonNode node = fields.get(name);
      String speaker = node == null ? null : speaker(node);
      if (speaker != null && !(name.equals("from") && Timestamps.parse(speaker) != null)) {
        return speaker;
      }
    }
    // WhisperX and Deepgram name the speaker of each word
    JsonNode words = words(fields);
    return words == null ? null : speaker(words.get(0).path("speaker"));
  }

  /** The words of a turn as objects, its own or of its best alternative; null without any. */
  private static @Nullable JsonNode words(Map<String, JsonNode> fields) {
    JsonNode words = fields.get("words");
    JsonNode best = firstOf(fields.get("alternatives"));
    if (words == null && best != null) {
      words = best.get("words");
    }
    JsonNode first = firstOf(words);
    return first != null && first.isObject() ? words : null;
  }

  /** A name; "Speaker 1" for a number. */
  static @Nullable String speaker(JsonNode node) {
    if (node.isTextual()) {
      String name = node.textValue().strip();
      return name.isEmpty()
          ? null
          : name.chars().allMatch(Character::isDigit) ? "Speaker " + name : name;
    }
    if (node.isIntegralNumber()) {
      return "Speaker " + node.asText();
    }
    if (node.isObject()) {
      for (String name : List.of("name", "displayName", "display_name", "label", "id")) {
        String speaker = node.has(name) ? speaker(node.get(name)) : null;
        if (speaker != null) {
          return speaker;
        }
      }
    }
    return null;
  }

  private static @Nullable Time time(Map<String, JsonNode> fields, List<String> names) {
    // a field that names its unit is surer than one that does not
    for (Map.Entry<String, Double> unit : UNITS.entrySet()) {
      for (String name : names) {
        JsonNode node = fields.get(name + unit.getKey());
        if (node != null && !Set.of("from", "to").contains(name)) {
          Time time = time(node, unit.getValue());
          if (time != null) {
            return new Time(time.millis(), false);
          }
        }
      }
    }
    for (String name : names) {
      JsonNode node = fields.get(name);
      Time time = node == null ? null : time(node, 1000);
      if (time != null) {
        return time;
      }
    }
    return null;
  }

  /** A number in the unit given, or a string in the form of a clock or of {@code 1.5s}. */
  private static @Nullable Time time(JsonNode node, double unit) {
    if (node.isNumber()) {
      double millis = node.doubleValue() * unit;
      return Math.abs(millis) < MOST_MILLIS
          ? new Time(millis, unit == 1000 && node.isIntegralNumber())
          : null;
    }
    if (!node.isTextual()) {
      return null;
    }
    String text = node.textValue().strip();
    if (text.matches("-?\\d{1,15}(?:\\.\\d{1,15})?")) {
      double millis = Double.parseDouble(text) * unit;
      return Math.abs(millis) < MOST_MILLIS
          ? new Time(millis, unit == 1000 && text.indexOf('.') < 0)
          : null;
    }
    Long millis = Timestamps.parse(text);
    return millis == null ? null : new Time(millis, false);
  }

  private static @Nullable Long millis(@Nullable Time time) {
    return time == null ? null : (Long) Math.round(time.millis());
  }

  Turn turn() {
    return new Turn(text, speaker, start, end);
  }
}
