package io.gistream.config;

/** {@code docs/configuration.md}, made from the options. */
final class ConfigurationPage {
  private static final String INTRODUCTION =
      """
      # Configuration

      Made from the code by `ConfigurationPageTest`; change `GistreamOptions` instead of this page.

      A value comes from the first of these that gives one:

      1. the command line: `--set segment.min-tokens=64`, as often as needed,
      2. the environment: `GISTREAM_SEGMENT_MIN_TOKENS=64` (upper case, `_` for dots and hyphens; an empty variable counts as not set),
      3. the file of `--config FILE`: `segment.min-tokens=64` in the form of Java properties, UTF-8,
      4. the default.

      Gistream prints the values it runs with, and where each came from, when it starts. Whatever is wrong, in any of the sources, is reported
      together before anything else happens. Durations are a number and a unit: `250ms`, `30s`, `5m`, `24h`, `7d`. `~` at the beginning of a path is the
      home directory, or the temporary directory of a user who has none.

      Names that begin with `kafka.` go to Kafka's clients as they are, without that prefix: `--set kafka.security.protocol=SASL_SSL`,
      `GISTREAM_KAFKA_SASL_JAAS_CONFIG=…`. Of those that look like a password, a key or a token only the name is printed. Those that Gistream sets itself
      (%s) are refused.

      Options for the JVM are not options of Gistream: the launcher takes them from `GISTREAM_JAVA_OPTS`, for example `-Xmx2g`.
      """;

  private ConfigurationPage() {}

  static String render() {
    var reserved =
        GistreamOptions.RESERVED_KAFKA_KEYS.keySet().stream()
            .sorted()
            .map(key -> "`" + key + "`")
            .reduce((all, key) -> all + ", " + key)
            .orElseThrow();
    var page = new StringBuilder(INTRODUCTION.replace("%s", reserved));
    for (var group : GistreamOptions.GROUPS) {
      page.append("\n## ").append(group.title()).append("\n\n");
      page.append("| option | default | what it does | value |\n| --- | --- | --- | --- |\n");
      for (var option : group.options()) {
        page.append("| `").append(option.name()).append("` | ");
        page.append(option.defaultText().isEmpty() ? "" : "`" + option.defaultText() + "`");
        page.append(" | ").append(option.description());
        page.append(" | ").append(option.type().accepts()).append(" |\n");
      }
    }
    page.append("\n## Rules about several options\n\n");
    for (var rule : GistreamOptions.RULES) {
      var names = rule.options().stream().map(option -> "`" + option.name() + "`").toList();
      page.append("* ").append(String.join(", ", names)).append(": ");
      page.append(rule.rule()).append(".\n");
    }
    return page.toString();
  }
}
