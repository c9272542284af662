package io.gistream.transcript;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON document that holds a transcript: an array of turns, or an object with one in it, as
 * Whisper, WhisperX, Deepgram, AWS Transcribe, AssemblyAI, Google, Azure, Rev and YouTube write it.
 */
final class JsonTranscript {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final ObjectReader ONE_VALUE =
      JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Fields that hold the turns, the more telling first; see {@link JsonTurn#fields}. */
  private static final List<String> TURNS =
      List.of(
          "segments",
          "audiosegments",
          "utterances",
          "monologues",
          "turns",
          "recognizedphrases",
          "transcription",
          "transcript",
          "paragraphs",
          "sentences",
          "captions",
          "cues",
          "chunks",
          "messages",
          "entries",
          "events",
          "conversation",
          "dialogue",
          "dialog",
          "lines",
          "speakersegments",
          "phrases",
          "results",
          "result",
          "channels",
          "alternatives",
          "items",
          "data",
          "response",
          "output",
          "body",
          "transcripts",
          "children");

  private static final int DEEPEST = 12;

  private final List<JsonTurn> turns = new ArrayList<>();

  private JsonTranscript() {}

  /** The one value that a text is. */
  static JsonNode parse(String json) throws JsonProcessingException {
    return ONE_VALUE.readTree(json);
  }

  /** The turns of a document; empty when it has no place for any. */
  static List<Turn> read(String json) {
    // one document, or one object after the other
    List<JsonNode> values = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      while (parser.nextToken() != null) {
        values.add(parser.<JsonNode>readValueAsTree());
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new TranscriptException(
          "The transcript is not JSON: line "
              + line
              + ": "
              + TranscriptException.excerpt(e.getOriginalMessage())
              + ". Correct it, or name its format (text, vtt, srt, jsonl).",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode root = values.size() == 1 ? values.get(0) : JSON.createArrayNode().addAll(values);
    List<Turn> turns = turns(root);
    if (turns == null) {
      throw new TranscriptException(
          "The JSON document holds no transcript: "
              + describe(root)
              + ". Expected an array of objects with a field \"text\", or an object with such an array"
              + " in a field \"segments\".");
    }
    return turns;
  }

  /** The turns in a value; null when nothing in it is a transcript. */
  static @Nullable List<Turn> turns(JsonNode root) {
    JsonTranscript reader = new JsonTranscript();
    if (!reader.collect(root, 0)) {
      return null;
    }
    boolean millis = reader.areMillis();
    List<Turn> turns = new ArrayList<>();
    for (JsonTurn turn : reader.turns) {
      if (!turn.text().isBlank()) {
        turns.add(millis ? inMillis(turn) : turn.turn());
      }
    }
    return turns;
  }

  static String describe(JsonNode node) {
    if (!node.isObject()) {
      return node.isArray()
          ? "an array of " + node.size() + " elements"
          : "a " + node.getNodeType();
    }
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names.isEmpty()
        ? "an object without fields"
        : "an object with the fields "
            + String.join(", ", names.subList(0, Math.min(8, names.size())));
  }

  private boolean collect(JsonNode node, int depth) {
    if (depth > DEEPEST) {
      return false;
    }
    if (node.isArray()) {
      return collectArray(node, depth);
    }
    if (!node.isObject()) {
      return false;
    }
    Map<String, JsonNode> fields = JsonTurn.fields(node);
    if (AwsItems.isTranscript(node) && !fields.containsKey("audiosegments")) {
      turns.addAll(AwsItems.turns(node));
      return true;
    }
    for (String name : TURNS) {
      JsonNode value = fields.get(name);
      // a container in a turn is its words; in a document it is the transcript
      if (value != null && value.isContainerNode() && !value.isEmpty()) {
        int before = turns.size();
        if (collect(value, depth + 1)) {
          return true;
        }
        turns.subList(before, turns.size()).clear();
      }
    }
    JsonTurn turn = JsonTurn.of(node);
    if (turn != null) {
      turns.add(turn);
      return true;
    }
    return fields.values().stream().anyMatch(v -> v.isArray() && v.isEmpty())
        && TURNS.stream().anyMatch(fields::containsKey);
  }

  private boolean collectArray(JsonNode array, int depth) {
    boolean any = array.isEmpty();
    for (JsonNode element : array) {
      if (element.isTextual()) {
        turns.add(new JsonTurn(element.textValue().strip(), null, null, null, false));
        any = true;
      } else if (element.isObject()) {
        any |= collectElement(element, depth);
      } else if (element.isArray()) {
        any |= collect(element, depth + 1);
      }
    }
    return any;
  }

  private boolean collectElement(JsonNode element, int depth) {
    if (element.path("elements").isArray()) {
      turns.add(RevElements.turn(element));
      return true;
    }
    // Deepgram's paragraphs hold the speaker, their sentences the text
    if (element.path("sentences").isArray() && !element.has("text")) {
      String speaker = JsonTurn.speaker(element.path("speaker"));
      for (JsonNode sentence : element.path("sentences")) {
        JsonTurn turn = JsonTurn.of(sentence);
        if (turn != null) {
          turns.add(
              new JsonTurn(
                  turn.text(),
                  turn.speaker() == null ? speaker : turn.speaker(),
                  turn.start(),
                  turn.end(),
                  turn.seconds()));
        }
      }
      return true;
    }
    JsonNode paragraphs = element.path("alternatives").path(0).path("paragraphs");
    if (paragraphs.isObject()) {
      return collect(paragraphs, depth + 1);
    }
    if (JsonTurn.isDraft(element)) {
      return true;
    }
    JsonTurn turn = JsonTurn.of(element);
    if (turn != null) {
      turns.add(turn);
      return true;
    }
    return collect(element, depth + 1);
  }

  /**
   * Whether whole numbers that were taken for seconds must be milliseconds: nobody speaks fewer
   * words than one in ten seconds all the time.
   */
  private boolean areMillis() {
    double words = 0;
    double seconds = 0;
    for (JsonTurn turn : turns) {
      if ((turn.start() != null || turn.end() != null) && !turn.seconds()) {
        return false;
      }
      if (turn.start() != null && turn.end() != null) {
        words += turn.text().isBlank() ? 0 : turn.text().strip().split("\\s+").length;
        seconds += (turn.end() - turn.start()) / 1000.0;
      }
    }
    return seconds > 100 && words / seconds < 0.1;
  }

  private static Turn inMillis(JsonTurn turn) {
    return new Turn(
        turn.text(),
        turn.speaker(),
        turn.start() == null ? null : (Long) (turn.start() / 1000),
        turn.end() == null ? null : (Long) (turn.end() / 1000));
  }

  /** AWS Transcribe: words with times, and beside them who spoke when. */
  private static final class AwsItems {
    private static final int MOST_WORDS = 60;

    static boolean isTranscript(JsonNode results) {
      JsonNode item = results.path("items").path(0);
      return item.path("alternatives").path(0).has("content");
    }

    static List<JsonTurn> turns(JsonNode results) {
      Map<String, String> speakers = speakers(results.path("speaker_labels"));
      List<JsonTurn> turns = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      String speaker = null;
      Long start = null;
      Long end = null;
      int words = 0;
      for (JsonNode item : results.path("items")) {
        String word = item.path("alternatives").path(0).path("content").asText();
        boolean mark = item.path("type").asText().equals("punctuation");
        if (!mark) {
          String label = item.path("speaker_label").asText("");
          String says = label.isEmpty() ? speakers.get(item.path("start_time").asText()) : label;
          boolean ends = words >= MOST_WORDS && ".?!".indexOf(text.charAt(text.length() - 1)) >= 0;
          if (text.length() > 0 && (ends || !Objects.equals(says, speaker))) {
            turns.add(new JsonTurn(text.toString(), speaker, start, end, false));
            text.setLength(0);
            words = 0;
          }
          if (text.length() == 0) {
            speaker = says;
            start = Timestamps.parse(item.path("start_time").asText());
          }
          end = Timestamps.parse(item.path("end_time").asText());
          words++;
        }
        text.append(mark || text.length() == 0 ? "" : " ").append(word);
      }
      if (text.length() > 0) {
        turns.add(new JsonTurn(text.toString(), speaker, start, end, false));
      }
      return turns;
    }

    private static Map<String, String> speakers(JsonNode labels) {
      Map<String, String> speakers = new TreeMap<>();
      for (JsonNode segment : labels.path("segments")) {
        for (JsonNode item : segment.path("items")) {
          speakers.put(
              item.path("start_time").asText(),
              item.path("speaker_label").asText(segment.path("speaker_label").asText()));
        }
      }
      return speakers;
    }
  }

  /** Rev: a monologue of words and marks. */
  private static final class RevElements {
    static JsonTurn turn(JsonNode monologue) {
      StringBuilder text = new StringBuilder();
      Long start = null;
      Long end = null;
      for (JsonNode element : monologue.path("elements")) {
        text.append(element.path("value").asText());
        if (element.has("ts")) {
          start =
              start == null ? (Long) Timestamps.ofSeconds(element.path("ts").asDouble()) : start;
          end = Timestamps.ofSeconds(element.path("end_ts").asDouble());
        }
      }
      return new JsonTurn(
          text.toString().strip(), JsonTurn.speaker(monologue.path("speaker")), start, end, false);
    }
  }
}
