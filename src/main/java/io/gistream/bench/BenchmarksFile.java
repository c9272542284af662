package io.gistream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The document that shows the results of all benchmarks. The section of a benchmark stands between
 * two markers and is replaced whole; everything else in the document is left as it is.
 *
 * <pre>{@code
 * <!-- begin benchmark engine -->
 * ...
 * <!-- end benchmark engine -->
 * }</pre>
 */
public final class BenchmarksFile {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private BenchmarksFile() {}

  /**
   * Replaces a benchmark's section; appends it, markers and all, to a document that has none, and
   * begins the document if there is none.
   *
   * @param name small letters, digits and hyphens
   * @param markdown what stands between the markers
   * @throws IllegalStateException if the document's markers do not make one pair
   */
  public static void replaceSection(Path file, String name, String markdown) throws IOException {
    checkName(name);
    String begin = "<!-- begin benchmark " + name + " -->";
    String end = "<!-- end benchmark " + name + " -->";
    String section = begin + "\n" + markdown.strip() + "\n" + end;
    String text = Files.exists(file) ? Files.readString(file) : "# Benchmarks\n";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 && to < 0) {
      String gap = text.endsWith("\n") ? "\n" : "\n\n";
      Files.writeString(file, text + gap + section + "\n");
      return;
    }
    if (from < 0 || to < from || text.lastIndexOf(begin) > from || text.lastIndexOf(end) > to) {
      throw new IllegalStateException(
          file
              + ": the markers of benchmark "
              + name
              + " do not make one pair; there must be one line '"
              + begin
              + "' and after it one line '"
              + end
              + "', or neither");
    }
    Files.writeString(file, text.substring(0, from) + section + text.substring(to + end.length()));
  }

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The name of a benchmark has small letters, digits and single hyphens, not '"
              + name
              + "'");
    }
  }
}
