package io.gistream.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One thing that can be set.
 *
 * @param name in lower case, words joined by hyphens, parts by dots
 * @param type which values it takes
 * @param defaultText the value where none is given, as a user would write it
 * @param description one sentence
 * @param secret whether its value must not be shown
 */
public record Option<T>(
    String name, OptionType<T> type, String defaultText, String description, boolean secret) {
  private static final Pattern NAME = Pattern.compile("[a-z]+([.-][a-z0-9]+)*");
  private static final String ENVIRONMENT_PREFIX = "GISTREAM_";

  public Option {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not a name for an option");
    }
    try {
      type.parse(type.expand(defaultText));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name + ": the default '" + defaultText + "' must be " + type.accepts(), e);
    }
  }

  static <T> Option<T> of(String name, OptionType<T> type, String defaultText, String description) {
    return new Option<>(name, type, defaultText, description, false);
  }

  /** One whose value is never shown. */
  static <T> Option<T> secret(
      String name, OptionType<T> type, String defaultText, String description) {
    return new Option<>(name, type, defaultText, description, true);
  }

  /**
   * The environment variable that sets it: {@code segment.min-tokens} is {@code
   * GISTREAM_SEGMENT_MIN_TOKENS}.
   */
  public String environmentName() {
    return environmentName(name);
  }

  static String environmentName(String name) {
    return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  @Override
  public String toString() {
    return name;
  }
}
