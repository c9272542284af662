package io.gistream.score;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Document} from its JSON; an {@link IllegalArgumentException} says what is wrong.
 */
final class DocumentJson {
  private DocumentJson() {}

  static Document parse(JsonNode json, String defaultDataset) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("a JSON object is expected, this is " + kind(json));
    }
    String dataset = optionalText(json, "source_dataset", "");
    return new Document(
        text(json, "id", ""),
        dataset == null ? defaultDataset : dataset,
        optionalText(json, "license", ""),
        segments(json),
        text(json, "summary", ""),
        aligned(json));
  }

  private static List<Document.Segment> segments(JsonNode json) {
    var segments = new ArrayList<Document.Segment>();
    for (var segment : array(json, "segments", "")) {
      String where = " of segment " + segments.size();
      segments.add(
          new Document.Segment(
              index(segment, segments.size(), where),
              text(segment, "text", where),
              optionalText(segment, "speaker", where),
              optionalSeconds(segment, "start", where),
              optionalSeconds(segment, "end", where)));
    }
    return segments;
  }

  private static int index(JsonNode segment, int position, String where) {
    var index = segment.get("index");
    if (index != null && !(index.isInt() && index.intValue() == position)) {
      throw new IllegalArgumentException(
          "'index'" + where + " is " + index + ", segments are numbered from 0 in their order");
    }
    return position;
  }

  private static List<Document.Aligned> aligned(JsonNode json) {
    var aligned = new ArrayList<Document.Aligned>();
    if (json.hasNonNull("aligned")) {
      for (var item : array(json, "aligned", "")) {
        String where = " of aligned item " + aligned.size();
        var indices = new ArrayList<Integer>();
        for (var index : array(item, "segment_indices", where)) {
          if (!index.isInt()) {
            throw new IllegalArgumentException(
                "'segment_indices'" + where + " has " + index + ", an integer is expected");
          }
          indices.add(index.intValue());
        }
        aligned.add(new Document.Aligned(text(item, "summary_sentence", where), indices));
      }
    }
    return aligned;
  }

  private static JsonNode array(JsonNode object, String name, String where) {
    var value = object.get(name);
    if (value == null || !value.isArray()) {
      throw expected(name, where, "an array", value);
    }
    return value;
  }

  private static String text(JsonNode object, String name, String where) {
    String value = optionalText(object, name, where);
    if (value == null) {
      throw expected(name, where, "a string", object.get(name));
    }
    return value;
  }

  private static @Nullable String optionalText(JsonNode object, String name, String where) {
    var value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw expected(name, where, "a string", value);
    }
    return value.textValue();
  }

  private static @Nullable Double optionalSeconds(JsonNode object, String name, String where) {
    var value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isNumber()) {
      throw expected(name, where, "a number of seconds", value);
    }
    return value.doubleValue();
  }

  private static IllegalArgumentException expected(
      String name, String where, String what, @Nullable JsonNode found) {
    return new IllegalArgumentException(
        "'" + name + "'" + where + " must be " + what + ", it is " + kind(found));
  }

  private static String kind(@Nullable JsonNode node) {
    if (node == null) {
      return "missing";
    }
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case STRING -> "a string";
      case MISSING, NULL -> "null";
      default -> node.toString();
    };
  }
}
