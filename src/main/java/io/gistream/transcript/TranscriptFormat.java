package io.gistream.transcript;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of transcript files that can be read. */
public enum TranscriptFormat {
  /** Plain text, with or without speakers and times. */
  TEXT,
  /** WebVTT captions. */
  VTT,
  /** SubRip captions, and YouTube's SBV. */
  SRT,
  /** One JSON object a line. */
  JSONL,
  /** A JSON document: an array of turns, or what a speech service answers. */
  JSON,
  /** A table with a header, separated by commas, semicolons or tabs. */
  CSV,
  /** SubStation Alpha captions. */
  ASS,
  /** Captions in XML: TTML and its relatives. */
  XML;

  private static final int LINES_LOOKED_AT = 40;

  /**
   * The format of a transcript: by its content, and only where that may be anything by the name of
   * its file.
   *
   * @param beginning the first kilobytes of it
   * @param fileName null when it has none
   */
  public static TranscriptFormat detect(String beginning, @Nullable String fileName) {
    List<String> lines =
        beginning.lines().filter(line -> !line.isBlank()).limit(LINES_LOOKED_AT).toList();
    if (lines.isEmpty()) {
      return TEXT;
    }
    String first = lines.get(0).strip();
    if (first.startsWith("WEBVTT")) {
      return VTT;
    }
    if (first.startsWith("{") && isJsonObject(beginning)) {
      boolean onlyLine = lines.size() == 1 && byName(fileName) == JSON;
      return isWhole(first) && !onlyLine ? JSONL : JSON;
    }
    if (first.startsWith("[") && isJsonArray(beginning)) {
      return JSON;
    }
    if (first.equalsIgnoreCase("[Script Info]") || first.startsWith("Dialogue:")) {
      return ASS;
    }
    if (first.startsWith("<?xml")
        || first.startsWith("<tt")
        || first.startsWith("<transcript")
        || first.startsWith("<timedtext")) {
      return XML;
    }
    if (lines.stream().anyMatch(Cues::isTiming)) {
      return SRT;
    }
    if (DelimitedText.isHeader(first)) {
      return CSV;
    }
    return byName(fileName);
  }

  /** Only what says at once that the content is broken; text is always text. */
  private static TranscriptFormat byName(@Nullable String fileName) {
    String name =
        fileName == null ? "" : fileName.toLowerCase(Locale.ROOT).replaceAll("\\.gz$", "");
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return JSONL;
    }
    return name.endsWith(".json") ? JSON : TEXT;
  }

  /** Whether every bracket of a line is closed in it: a document has breaks in its first object. */
  private static boolean isWhole(String line) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '{' || c == '[')) {
        depth++;
      } else if (!quoted && (c == '}' || c == ']')) {
        depth--;
      }
    }
    return depth == 0 && !quoted;
  }

  private static boolean isJsonObject(String text) {
    String inside = text.strip().substring(1).stripLeading();
    return inside.isEmpty() || inside.startsWith("\"") || inside.startsWith("}");
  }

  private static boolean isJsonArray(String text) {
    String inside = text.strip().substring(1).stripLeading();
    return inside.isEmpty()
        || inside.startsWith("\"")
        || inside.startsWith("]")
        || (inside.startsWith("{") && isJsonObject(inside));
  }
}
