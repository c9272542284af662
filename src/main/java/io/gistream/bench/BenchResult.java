package io.gistream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.score.TextTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param name of its section in the benchmarks document: small letters, digits and hyphens
 * @param title one line for people
 * @param setup what one must know to repeat it, in the order given
 * @param columns what was measured
 * @param rows the cases, each with a value for each column
 */
public record BenchResult(
    String name,
    String title,
    Machine machine,
    Map<String, String> setup,
    List<Column> columns,
    List<Row> rows) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public BenchResult {
    BenchmarksFile.checkName(name);
    setup = Collections.unmodifiableMap(new LinkedHashMap<>(setup));
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (var row : rows) {
      if (row.values().size() != columns.size()) {
        throw new IllegalArgumentException(
            "Case '%s' of benchmark %s has %d values for %d columns"
                .formatted(row.label(), name, row.values().size(), columns.size()));
      }
    }
  }

  /** With something more that one must know to repeat it, behind the rest. */
  public BenchResult withSetup(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(setup);
    more.put(key, value);
    return new BenchResult(name, title, machine, more, columns, rows);
  }

  /** With the cases of another run of the same benchmark behind these, each told from ours. */
  public BenchResult and(BenchResult other, String prefix) {
    List<Row> all = new ArrayList<>(rows);
    other.rows.forEach(row -> all.add(new Row(prefix + row.label(), row.values())));
    return new BenchResult(name, title, machine, setup, columns, all);
  }

  /**
   * One object, indented, with a line feed at its end: {@code {"benchmark", "title", "machine",
   * "setup", "results": [{"case", <column name>: <number or null>, ...}]}}.
   */
  public String toJson() {
    var json = JSON.createObjectNode();
    json.put("benchmark", name);
    json.put("title", title);
    json.set("machine", JSON.valueToTree(machine.toMap()));
    json.set("setup", JSON.valueToTree(setup));
    var results = json.putArray("results");
    for (var row : rows) {
      write(row, results.addObject());
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  private void write(Row row, ObjectNode json) {
    json.put("case", row.label());
    for (int i = 0; i < columns.size(); i++) {
      double value = row.values().get(i);
      if (Double.isFinite(value)) {
        json.put(columns.get(i).name(), value);
      } else {
        json.putNull(columns.get(i).name());
      }
    }
  }

  /** The title, an aligned table, the setup. */
  public String toText() {
    return title + "\n\n" + table().toText() + "\n" + lines("");
  }

  /** The same as a section of a document, under a heading of the second level. */
  public String toMarkdown() {
    return "## " + title + "\n\n" + table().toMarkdown() + "\n" + lines("* ");
  }

  private String lines(String bullet) {
    var text = new StringBuilder();
    setup.forEach((key, value) -> text.append(bullet + key + ": " + value + "\n"));
    return text.append(bullet + "machine: " + machine.toText() + "\n").toString();
  }

  private TextTable table() {
    var headings = new ArrayList<String>();
    headings.add("case");
    columns.forEach(column -> headings.add(column.heading()));
    var table = new TextTable(headings.toArray(String[]::new));
    for (var row : rows) {
      var cells = new ArrayList<String>();
      cells.add(row.label());
      for (int i = 0; i < columns.size(); i++) {
        cells.add(cell(row.values().get(i), columns.get(i).decimals()));
      }
      table.row(cells);
    }
    return table;
  }

  private static String cell(double value, int decimals) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : "-";
  }
}
