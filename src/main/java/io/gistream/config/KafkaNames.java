package io.gistream.config;

import java.util.regex.Pattern;

/** Names of settings that go to Kafka's clients as they are. */
final class KafkaNames {
  static final String PREFIX = "kafka.";

  /** Kafka's settings of type {@code PASSWORD}, and the look of those that plugins bring. */
  private static final Pattern SECRET =
      Pattern.compile(
          "password|passwd|secret|jaas|credential|keystore\\.key|user\\.info|\\.token$|api[._-]?key",
          Pattern.CASE_INSENSITIVE);

  private KafkaNames() {}

  static boolean matches(String name) {
    return name.startsWith(PREFIX) && name.length() > PREFIX.length();
  }

  static boolean isSecret(String name) {
    return SECRET.matcher(name).find();
  }
}
