package io.gistream.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** A number of bytes, written {@code 512B}, {@code 64KiB}, {@code 8MiB} or {@code 1GiB}. */
public record DataSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s?(B|KiB|MiB|GiB)");

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size of " + bytes + " bytes: must not be negative");
    }
  }

  /** Throws {@link IllegalArgumentException} when the text is not a size. */
  public static DataSize parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a size such as 512B or 64KiB");
    }
    long number = Long.parseLong(form.group(1));
    long unit = unit(form.group(2));
    if (number > Long.MAX_VALUE / unit) {
      throw new IllegalArgumentException("'" + text + "' is more bytes than can be counted");
    }
    return new DataSize(number * unit);
  }

  private static long unit(String name) {
    return switch (name) {
      case "KiB" -> 1L << 10;
      case "MiB" -> 1L << 20;
      case "GiB" -> 1L << 30;
      default -> 1;
    };
  }

  /** In the largest unit that holds it exactly. */
  @Override
  public String toString() {
    for (String name : new String[] {"GiB", "MiB", "KiB"}) {
      if (bytes != 0 && bytes % unit(name) == 0) {
        return String.format(Locale.ROOT, "%d%s", bytes / unit(name), name);
      }
    }
    return bytes + "B";
  }
}
