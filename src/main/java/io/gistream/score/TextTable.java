package io.gistream.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table for people. Columns of numbers, the first one excepted, are aligned to the right, others
 * to the left; a dash stands for a number that there is not.
 */
public final class TextTable {
  private static final Pattern NUMBER = Pattern.compile("|-|-?[0-9][0-9.,]*[%x]?");

  private final List<List<String>> rows = new ArrayList<>();
  private final int columns;

  /** Begins a table with its headings. */
  public TextTable(String... headings) {
    columns = headings.length;
    rows.add(List.of(headings));
  }

  /** Adds a row. */
  public TextTable row(String... cells) {
    return row(Arrays.asList(cells));
  }

  /** Adds a row. */
  public TextTable row(List<String> cells) {
    if (cells.size() != columns) {
      throw new IllegalArgumentException(
          "A row of " + cells.size() + " cells in a table of " + columns + " columns: " + cells);
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** Two spaces between columns, each row ended by a line feed. */
  public String toText() {
    return render("", "  ", "", false);
  }

  /** A table as GitHub reads it. */
  public String toMarkdown() {
    return render("| ", " | ", " |", true);
  }

  private String render(String left, String between, String right, boolean markdown) {
    int[] widths = new int[columns];
    boolean[] numbers = new boolean[columns];
    for (int i = 0; i < columns; i++) {
      int column = i;
      numbers[i] = i > 0 && rows.stream().skip(1).allMatch(row -> isNumber(row.get(column)));
      for (var row : rows) {
        widths[i] = Math.max(widths[i], Math.max(markdown ? 3 : 0, width(row.get(i))));
      }
    }
    var out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      var line = new StringBuilder(left);
      for (int i = 0; i < columns; i++) {
        line.append(i > 0 ? between : "").append(padded(rows.get(r).get(i), widths[i], numbers[i]));
      }
      out.append(line.append(right).toString().stripTrailing()).append('\n');
      if (r == 0 && markdown) {
        out.append(rule(widths, numbers));
      }
    }
    return out.toString();
  }

  private static String rule(int[] widths, boolean[] numbers) {
    var line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      line.append(' ')
          .append("-".repeat(widths[i] - 1))
          .append(numbers[i] ? ":" : "-")
          .append(" |");
    }
    return line.append('\n').toString();
  }

  private static String padded(String cell, int width, boolean number) {
    String space = " ".repeat(width - width(cell));
    return number ? space + cell : cell + space;
  }

  private static boolean isNumber(String cell) {
    return NUMBER.matcher(cell).matches();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
