package io.gistream.config;

import io.gistream.config.GistreamOptions.Rule;
import io.gistream.config.Settings.Setting;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sources, the one that counts most first, and collects every error on the way. One
 * reader makes one {@link Settings}.
 */
final class SettingsReader {
  private static final String COMMAND_LINE = "command line";
  private static final String ENVIRONMENT_PREFIX = "GISTREAM_";
  private static final String KAFKA_ENVIRONMENT_PREFIX = ENVIRONMENT_PREFIX + "KAFKA_";

  /** Variables that the launcher reads. */
  private static final Set<String> LAUNCHER_VARIABLES =
      Set.of("GISTREAM_JAVA_OPTS", "GISTREAM_PYTHON", "GISTREAM_TOOLKIT");

  private final Map<String, Option<?>> options;
  private final List<Rule> rules;
  private final Map<String, Given> given = new HashMap<>();
  private final SortedMap<String, Given> kafka = new TreeMap<>();
  private final List<String> errors = new ArrayList<>();

  /** What a source says, before it is known to be right. */
  private record Given(String text, String origin) {}

  SettingsReader(List<Option<?>> options, List<Rule> rules) {
    this.options = new LinkedHashMap<>();
    options.forEach(option -> this.options.put(option.name(), option));
    this.rules = rules;
  }

  SettingsReader commandLine(List<String> assignments) {
    var last = new LinkedHashMap<String, String>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        errors.add("--set " + assignment + ": write it as name=value");
      } else {
        last.put(assignment.substring(0, equals).strip(), assignment.substring(equals + 1));
      }
    }
    last.forEach((name, text) -> put(name, text, COMMAND_LINE));
    return this;
  }

  SettingsReader environment(Map<String, String> environment) {
    var names = new TreeMap<String, String>();
    options.keySet().forEach(name -> names.put(Option.environmentName(name), name));
    for (var variable : new TreeMap<>(environment).entrySet()) {
      var key = variable.getKey();
      if (!key.startsWith(ENVIRONMENT_PREFIX)
          || LAUNCHER_VARIABLES.contains(key)
          || variable.getValue().isEmpty() // what is left of "${NAME:-}" in a compose file
          || isServiceLink(key, variable.getValue(), environment)) {
        continue;
      }
      var name = names.get(key);
      if (name != null) {
        put(name, variable.getValue(), "environment " + key);
      } else if (key.startsWith(KAFKA_ENVIRONMENT_PREFIX)) {
        var own = key.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT);
        put(own.replace('_', '.'), variable.getValue(), "environment " + key);
      } else {
        errors.add(
            "environment variable " + key + ": no such option" + didYouMean(key, names.keySet()));
      }
    }
    return this;
  }

  /**
   * Whether Kubernetes made the variable: for a service {@code gistream} it sets {@code
   * GISTREAM_SERVICE_HOST}, {@code GISTREAM_PORT} and others like them in every pod beside it.
   */
  private static boolean isServiceLink(String key, String value, Map<String, String> environment) {
    return environment.keySet().stream()
        .filter(name -> name.startsWith("GISTREAM") && name.endsWith("_SERVICE_HOST"))
        .map(name -> name.substring(0, name.length() - "_SERVICE_HOST".length()))
        .anyMatch(
            service ->
                key.startsWith(service + "_SERVICE_")
                    || key.startsWith(service + "_PORT_")
                    || (key.equals(service + "_PORT") && value.contains("://")));
  }

  SettingsReader file(@Nullable Path file) {
    if (file == null) {
      return this;
    }
    var origin = "file " + file;
    try {
      var content = PropertiesFile.read(file);
      content.values().forEach((name, text) -> put(name, text, origin));
      content
          .repeated()
          .forEach(name -> errors.add(name + " (" + origin + "): given more than once"));
    } catch (NoSuchFileException e) {
      errors.add("--config " + file + ": no such file");
    } catch (IOException | IllegalArgumentException e) {
      errors.add("--config " + file + ": cannot be read as UTF-8 properties: " + e);
    }
    return this;
  }

  /** Takes a value unless a source that counts more gave one. */
  void put(String name, String text, String origin) {
    if (options.containsKey(name)) {
      given.putIfAbsent(name, new Given(text.strip(), origin));
    } else if (KafkaNames.matches(name)) {
      putKafka(name, text, origin);
    } else {
      errors.add(name + " (" + origin + "): no such option" + didYouMean(name, options.keySet()));
    }
  }

  private void putKafka(String name, String text, String origin) {
    var reserved =
        GistreamOptions.RESERVED_KAFKA_KEYS.get(name.substring(KafkaNames.PREFIX.length()));
    if (reserved == null) {
      kafka.putIfAbsent(name, new Given(text.strip(), origin));
    } else {
      errors.add(
          name
              + " ("
              + origin
              + "): "
              + reserved
                  .map(option -> "set " + option.name() + " instead")
                  .orElse("Gistream sets this itself, so that no summary is lost or repeated"));
    }
  }

  private static String didYouMean(String name, Set<String> known) {
    return Suggestion.of(name, known)
        .map(meant -> "; did you mean " + meant + "?")
        .orElse("; docs/configuration.md has them all");
  }

  Settings read() {
    var wrong = new HashSet<Option<?>>();
    var settings = new LinkedHashMap<String, Setting>();
    for (Option<?> option : options.values()) {
      var source = source(option);
      var text = option.type().expand(source.text());
      try {
        settings.put(option.name(), new Setting(option.type().parse(text), text, source.origin()));
      } catch (IllegalArgumentException e) {
        wrong.add(option);
        errors.add(assignment(option) + ": must be " + option.type().accepts());
      }
    }
    var kafkaSettings = new TreeMap<String, Setting>();
    kafka.forEach(
        (name, source) ->
            kafkaSettings.put(name, new Setting(source.text(), source.text(), source.origin())));
    var result = new Settings(List.copyOf(options.values()), settings, kafkaSettings);
    rules.stream()
        .filter(rule -> rule.options().stream().noneMatch(wrong::contains))
        .filter(rule -> !rule.holds().test(result))
        .forEach(rule -> errors.add(assignments(rule) + ": " + rule.rule()));
    if (!errors.isEmpty()) {
      throw new SettingsException(errors);
    }
    return result;
  }

  private Given source(Option<?> option) {
    return given.getOrDefault(
        option.name(), new Given(option.defaultText(), Settings.DEFAULT_ORIGIN));
  }

  private String assignments(Rule rule) {
    return rule.options().stream().map(this::assignment).collect(Collectors.joining(" and "));
  }

  private String assignment(Option<?> option) {
    var source = source(option);
    var text = Settings.shown(source.text(), option.secret());
    return option.name() + " = " + text + " (" + source.origin() + ")";
  }
}
