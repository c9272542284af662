package io.gistream.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the text of an option becomes a value, and which texts do. */
public final class OptionType<T> {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s?(ms|s|m|h|d)");

  private static final String JSON_POINTER = "(/([^~/]|~[01])*)+";

  private final String accepts;
  private final UnaryOperator<String> expand;
  private final Function<String, T> parse;

  private OptionType(String accepts, UnaryOperator<String> expand, Function<String, T> parse) {
    this.accepts = accepts;
    this.expand = expand;
    this.parse = parse;
  }

  /** What may be given, as the end of the sentence "must be …". */
  public String accepts() {
    return accepts;
  }

  /** The text with {@code ~} replaced where it is a path; any other text as it is. */
  String expand(String text) {
    return expand.apply(text);
  }

  /** Throws {@link IllegalArgumentException} when the text is not what {@link #accepts} says. */
  T parse(String text) {
    return parse.apply(text);
  }

  static OptionType<Integer> wholeNumber(int min, int max) {
    return wholeNumber("a whole number from " + min + " to " + max, min, max);
  }

  private static OptionType<Integer> wholeNumber(String accepts, int min, int max) {
    return plain(accepts, text -> inBounds(Integer.valueOf(text), min, max));
  }

  static OptionType<Long> longNumber(long min, long max) {
    return plain(
        "a whole number from " + min + " to " + max,
        text -> inBounds(Long.valueOf(text), min, max));
  }

  static OptionType<Integer> port() {
    return wholeNumber("a port from 0 to 65535 (0 takes a free one)", 0, 65_535);
  }

  static OptionType<Integer> replicationFactor() {
    return plain(
        "-1 or a whole number from 1 to 32767",
        text -> {
          int factor = Integer.parseInt(text);
          return factor == -1 ? factor : inBounds(factor, 1, 32_767);
        });
  }

  static OptionType<Boolean> trueOrFalse() {
    return plain(
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException(text);
            });
  }

  /** Both bounds are written as a user would write them. */
  static OptionType<Duration> duration(String min, String max) {
    return plain(
        "a duration from " + min + " to " + max,
        text -> inBounds(parseDuration(text), parseDuration(min), parseDuration(max)));
  }

  /** Both bounds are written as a user would write them. */
  static OptionType<DataSize> dataSize(String min, String max) {
    return plain(
        "a size from " + min + " to " + max,
        text -> {
          var size = DataSize.parse(text);
          inBounds(size.bytes(), DataSize.parse(min).bytes(), DataSize.parse(max).bytes());
          return size;
        });
  }

  /** One of the names of an enum's constants, in lower case with hyphens. */
  static <E extends Enum<E>> OptionType<E> oneOf(Class<E> type) {
    var constants =
        Arrays.stream(type.getEnumConstants())
            .collect(
                Collectors.toMap(
                    constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    Function.identity(),
                    (first, second) -> first,
                    LinkedHashMap::new));
    return plain(
        "one of " + String.join(", ", constants.keySet()),
        text ->
            Optional.ofNullable(constants.get(text))
                .orElseThrow(() -> new IllegalArgumentException(text)));
  }

  /** A text that the pattern matches as a whole. */
  static OptionType<String> text(String accepts, String pattern) {
    var compiled = Pattern.compile(pattern);
    return plain(
        accepts,
        text -> {
          if (!compiled.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
          }
          return text;
        });
  }

  /** A pointer into JSON (RFC 6901) that is not the whole of it. */
  static OptionType<String> jsonPointer() {
    return text("a JSON pointer such as /body/text", JSON_POINTER);
  }

  static OptionType<String> optionalJsonPointer() {
    return text("empty, or a JSON pointer such as /body/text", "|" + JSON_POINTER);
  }

  static OptionType<String> anyText() {
    return plain("any text", text -> text);
  }

  /** A path; a leading {@code ~} is the home directory. */
  static OptionType<Path> path() {
    return new OptionType<>(
        "a path",
        OptionType::expandHome,
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException(text);
          }
          return Path.of(text);
        });
  }

  /** A path or nothing; a leading {@code ~} is the home directory. */
  static OptionType<Optional<Path>> optionalPath() {
    return new OptionType<>(
        "a path, or empty",
        OptionType::expandHome,
        text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
  }

  private static <T> OptionType<T> plain(String accepts, Function<String, T> parse) {
    return new OptionType<>(accepts, UnaryOperator.identity(), parse);
  }

  private static <C extends Comparable<C>> C inBounds(C value, C min, C max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(value + " is not within " + min + " and " + max);
    }
    return value;
  }

  private static Duration parseDuration(String text) {
    var form = DURATION.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(text);
    }
    var unit =
        switch (form.group(2)) {
          case "ms" -> ChronoUnit.MILLIS;
          case "s" -> ChronoUnit.SECONDS;
          case "m" -> ChronoUnit.MINUTES;
          case "h" -> ChronoUnit.HOURS;
          default -> ChronoUnit.DAYS;
        };
    return Duration.of(Long.parseLong(form.group(1)), unit);
  }

  private static String expandHome(String text) {
    return text.equals("~") || text.startsWith("~/") ? home() + text.substring(1) : text;
  }

  /** Containers often run as a user without a home: the temporary directory serves then. */
  private static Path home() {
    var home = Path.of(System.getProperty("user.home", ""));
    return home.isAbsolute() && Files.isWritable(home)
        ? home
        : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }
}
