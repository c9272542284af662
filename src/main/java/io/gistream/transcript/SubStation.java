package io.gistream.transcript;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads the dialogue of SubStation Alpha files ({@code .ass}, {@code .ssa}). */
final class SubStation {
  private static final List<String> STANDARD =
      List.of(
          "layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect",
          "text");

  private SubStation() {}

  static List<Turn> read(List<String> lines) {
    List<Turn> turns = new ArrayList<>();
    List<String> columns = STANDARD;
    boolean events = false;
    for (String line : lines) {
      if (line.startsWith("[")) {
        events = line.strip().equalsIgnoreCase("[Events]");
      } else if (events && line.startsWith("Format:")) {
        columns =
            Arrays.stream(line.substring(7).split(","))
                .map(column -> column.strip().toLowerCase(Locale.ROOT))
                .toList();
      } else if (events && line.startsWith("Dialogue:")) {
        String[] cells = line.substring(9).split(",", columns.size());
        String text = CaptionText.plain(cell(columns, cells, "text").replaceAll("\\\\[Nnh]", " "));
        String name = cell(columns, cells, "name").strip();
        if (!text.isEmpty()) {
          turns.add(
              new Turn(
                  text,
                  name.isEmpty() ? null : name,
                  Timestamps.parse(cell(columns, cells, "start")),
                  Timestamps.parse(cell(columns, cells, "end"))));
        }
      }
    }
    return turns;
  }

  private static String cell(List<String> columns, String[] cells, String column) {
    int index = columns.indexOf(column);
    return index >= 0 && index < cells.length ? cells[index] : "";
  }
}
