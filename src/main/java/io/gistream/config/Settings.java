package io.gistream.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of all options, checked. The command line comes before the environment, that before
 * the file, that before the default.
 *
 * <pre>{@code
 * var settings = Settings.load(List.of("http.port=9000"), System.getenv(), Path.of("my.properties"));
 * int port = settings.get(GistreamOptions.HTTP_PORT);
 * }</pre>
 *
 * <p>Names that begin with {@code kafka.} go to Kafka's clients as they are, without that prefix.
 * Immutable.
 */
public final class Settings {
  static final String DEFAULT_ORIGIN = "default";

  private final List<Option<?>> options;
  private final Map<String, Setting> byName;
  private final SortedMap<String, Setting> kafka;

  /**
   * @param value of the option's type
   * @param text what it was made from
   * @param origin where that was given
   */
  record Setting(Object value, String text, String origin) {}

  /**
   * @param byName a setting of the right type for each of the options
   * @param kafka by name, with the prefix
   */
  Settings(List<Option<?>> options, Map<String, Setting> byName, SortedMap<String, Setting> kafka) {
    this.options = List.copyOf(options);
    this.byName = Map.copyOf(byName);
    this.kafka = new TreeMap<>(kafka);
  }

  /** The value of every option where nothing is set. */
  public static Settings defaults() {
    return load(List.of(), Map.of(), null);
  }

  /**
   * Reads all sources.
   *
   * @param assignments of the command line, each {@code name=value}; the last one of a name counts
   * @param environment of the process; names that begin with {@code GISTREAM_} are read
   * @param file in the form of {@link java.util.Properties}, UTF-8; null when none is given
   * @throws SettingsException with everything that is wrong in any of them
   */
  public static Settings load(
      List<String> assignments, Map<String, String> environment, @Nullable Path file) {
    return new SettingsReader(GistreamOptions.all(), GistreamOptions.RULES)
        .commandLine(assignments)
        .environment(environment)
        .file(file)
        .read();
  }

  public <T> T get(Option<T> option) {
    @SuppressWarnings("unchecked") // made by the option's own type
    T value = (T) setting(option).value();
    return value;
  }

  /** Where the value comes from: {@code command line}, {@code default} and so on. */
  public String origin(Option<?> option) {
    return setting(option).origin();
  }

  /** Whether somebody has set it, to whatever value. */
  public boolean isGiven(Option<?> option) {
    return !origin(option).equals(DEFAULT_ORIGIN);
  }

  /** What was set under {@code kafka.}, by Kafka's own names, in their order. */
  public SortedMap<String, String> kafka() {
    var own = new TreeMap<String, String>();
    kafka.forEach(
        (name, setting) -> own.put(name.substring(KafkaNames.PREFIX.length()), setting.text()));
    return own;
  }

  /**
   * These settings with one option set by the program, whatever the user gave.
   *
   * @param text as a user would write it
   * @param origin as shown by {@link #describe}
   * @throws SettingsException when the value is wrong, or does not go with the others
   */
  public Settings with(Option<?> option, String text, String origin) {
    setting(option);
    var reader = new SettingsReader(options, GistreamOptions.RULES);
    reader.put(option.name(), text, origin);
    byName.forEach((name, kept) -> reader.put(name, kept.text(), kept.origin()));
    kafka.forEach((name, kept) -> reader.put(name, kept.text(), kept.origin()));
    return reader.read();
  }

  /**
   * One line for each option, in the order of the documentation: name, value, where it comes from.
   * Secrets are not shown.
   */
  public String describe() {
    var rows = new ArrayList<String[]>();
    for (Option<?> option : options) {
      var setting = setting(option);
      rows.add(row(option.name(), setting, option.secret()));
    }
    kafka.forEach((name, setting) -> rows.add(row(name, setting, KafkaNames.isSecret(name))));
    int nameWidth = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    int valueWidth = rows.stream().mapToInt(row -> row[1].length()).max().orElse(0);
    var text = new StringBuilder();
    for (String[] row : rows) {
      text.append(padded(row[0], nameWidth))
          .append("  ")
          .append(padded(row[1], valueWidth))
          .append("  ")
          .append(row[2])
          .append('\n');
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return describe();
  }

  private Setting setting(Option<?> option) {
    var setting = byName.get(option.name());
    if (setting == null) {
      throw new IllegalArgumentException(option.name() + " is not an option of these settings");
    }
    return setting;
  }

  private static String[] row(String name, Setting setting, boolean secret) {
    return new String[] {name, shown(setting.text(), secret), setting.origin()};
  }

  /** A value as it may be shown. */
  static String shown(String text, boolean secret) {
    if (text.isEmpty()) {
      return "\"\"";
    }
    return secret ? "(hidden)" : text;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
