package io.gistream.transcript;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON value a line, as it comes. */
final class JsonLines {
  private final Lines lines;

  /** The id of the transcript that a line held as a whole. */
  private @Nullable String transcript;

  JsonLines(Lines lines) {
    this.lines = lines;
  }

  /** The turns of the next line that is not blank; null behind the last. */
  @Nullable List<Turn> next() {
    for (String line = lines.next(); line != null; line = lines.next()) {
      String json = line.strip();
      if (!json.isEmpty()) {
        return read(json);
      }
    }
    return null;
  }

  private List<Turn> read(String json) {
    JsonNode value;
    try {
      value =
          JsonTranscript.parse(json.endsWith(",") ? json.substring(0, json.length() - 1) : json);
    } catch (JsonProcessingException e) {
      throw new TranscriptException(
          "Line "
              + lines.number()
              + " of the transcript is not JSON: \""
              + TranscriptException.excerpt(json)
              + "\". Correct it, or name the format of the file if it is not JSON lines.",
          e);
    }
    if (value.isTextual()) {
      return List.of(new Turn(value.textValue().strip(), null, null, null));
    }
    if (value.isObject() && JsonTurn.isDraft(value)) {
      return List.of();
    }
    refuseAnotherTranscript(value);
    List<Turn> turns = JsonTranscript.turns(value);
    if (turns == null) {
      throw new TranscriptException(
          "Line "
              + lines.number()
              + " of the transcript has no text: it is "
              + JsonTranscript.describe(value)
              + ". Put what was said into a field \"text\", or remove the line.");
    }
    return turns;
  }

  /** A data set has a whole transcript a line: they are not one talk. */
  private void refuseAnotherTranscript(JsonNode value) {
    Map<String, JsonNode> fields = value.isObject() ? JsonTurn.fields(value) : Map.of();
    JsonNode segments = fields.get("segments");
    JsonNode id = fields.get("id");
    if (segments == null || !segments.isArray() || id == null) {
      return;
    }
    if (transcript != null && !transcript.equals(id.asText())) {
      throw new TranscriptException(
          "Line "
              + lines.number()
              + " of the transcript begins another one, \""
              + TranscriptException.excerpt(id.asText())
              + "\" after \""
              + TranscriptException.excerpt(transcript)
              + "\". Give each transcript a file of its own.");
    }
    transcript = id.asText();
  }
}
