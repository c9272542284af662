package io.gistream.transcript;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Reads a table with a header: comma-, semicolon- or tab-separated, quoted where needed. */
final class DelimitedText {
  private static final Set<String> TEXT_COLUMNS =
      Set.of("text", "transcript", "content", "utterance", "sentence", "caption", "message");

  private static final Set<String> OTHER_COLUMNS =
      Set.of(
          "speaker",
          "speakername",
          "name",
          "start",
          "starttime",
          "startms",
          "end",
          "endtime",
          "endms",
          "time",
          "timestamp",
          "id",
          "index",
          "duration",
          "begin",
          "offset");

  private DelimitedText() {}

  /** Whether a line names the columns of a transcript. */
  static boolean isHeader(String line) {
    if (line.length() > 1000) {
      return false;
    }
    List<String> columns = split(line, delimiter(line));
    return columns.stream().map(DelimitedText::normal).anyMatch(TEXT_COLUMNS::contains)
        && columns.stream().map(DelimitedText::normal).anyMatch(OTHER_COLUMNS::contains);
  }

  static List<Turn> read(List<String> lines) {
    int header = 0;
    while (header < lines.size() && lines.get(header).isBlank()) {
      header++;
    }
    if (header == lines.size()) {
      return List.of();
    }
    char delimiter = delimiter(lines.get(header));
    List<String> columns = split(lines.get(header), delimiter);
    if (!isHeader(lines.get(header))) {
      throw new TranscriptException(
          "The first line of the table names no column \"text\": \""
              + TranscriptException.excerpt(lines.get(header))
              + "\". Add a line such as start,end,speaker,text.");
    }
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (int i = header + 1; i < lines.size(); i++) {
      int number = i + 1;
      StringBuilder row = new StringBuilder(lines.get(i));
      while (hasOpenQuote(row) && i + 1 < lines.size()) {
        row.append('\n').append(lines.get(++i));
      }
      if (!row.toString().isBlank()) {
        rows.add(row(columns, split(row.toString(), delimiter), number));
      }
    }
    return Objects.requireNonNull(JsonTranscript.turns(rows));
  }

  private static ObjectNode row(List<String> columns, List<String> cells, int line) {
    // an unquoted delimiter in the text, when it is the last column
    while (cells.size() > columns.size()
        && TEXT_COLUMNS.contains(normal(columns.get(columns.size() - 1)))) {
      String tail = cells.remove(cells.size() - 1);
      cells.set(cells.size() - 1, cells.get(cells.size() - 1) + ", " + tail.strip());
    }
    if (cells.size() > columns.size()) {
      throw new TranscriptException(
          "Line "
              + line
              + " of the table has "
              + cells.size()
              + " cells, but the header names "
              + columns.size()
              + " columns. Quote the cells that hold a delimiter.");
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < cells.size(); i++) {
      row.put(columns.get(i).strip(), cells.get(i));
    }
    if (columns.stream().map(c -> row.path(c.strip())).noneMatch(cell -> cell.isTextual())) {
      row.put("text", "");
    }
    for (String column : columns) {
      if (TEXT_COLUMNS.contains(normal(column)) && !row.has(column.strip())) {
        row.put(column.strip(), "");
      }
    }
    return row;
  }

  private static String normal(String column) {
    return column.strip().toLowerCase(Locale.ROOT).replaceAll("[_\\s-]", "");
  }

  private static char delimiter(String header) {
    if (header.indexOf('\t') >= 0) {
      return '\t';
    }
    return header.indexOf(';') >= 0 && header.indexOf(',') < 0 ? ';' : ',';
  }

  private static boolean hasOpenQuote(CharSequence row) {
    return row.chars().filter(c -> c == '"').count() % 2 == 1;
  }

  private static List<String> split(String row, char delimiter) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      if (c == '"' && quoted && i + 1 < row.length() && row.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"' && (quoted || cell.toString().isBlank())) {
        quoted = !quoted;
      } else if (c == delimiter && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
