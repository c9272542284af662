package io.gistream.cli;

import io.gistream.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where settings come from; the named options are short for {@code --set}. */
final class SettingsOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Properties file with settings (docs/configuration.md).")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "One setting; may be repeated, wins over file and environment.")
  private List<String> assignments = List.of();

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers (bootstrap.servers).")
  private @Nullable String bootstrapServers;

  @Option(
      names = {"--input-topics", "--input-topic"},
      paramLabel = "TOPIC",
      description = "Topic of transcript chunks (topics.chunks).")
  private @Nullable String inputTopic;

  @Option(
      names = "--output-topic",
      paramLabel = "TOPIC",
      description = "Topic of rolling summaries (topics.summaries).")
  private @Nullable String outputTopic;

  @Option(
      names = "--error-topic",
      paramLabel = "TOPIC",
      description = "Topic of dead letters (topics.dead-letters).")
  private @Nullable String errorTopic;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      description = "Consumer group and prefix of internal topics (application.id).")
  private @Nullable String applicationId;

  @Option(
      names = "--kafka-config",
      paramLabel = "KEY=VALUE",
      description = "Any setting of Kafka Streams or its clients; may be repeated.")
  private Map<String, String> kafkaConfig = new LinkedHashMap<>();

  /** Reads all sources; throws with all that is wrong in any of them. */
  Settings load() {
    return load(applicationId);
  }

  /** As {@link #load()}, but as if {@code --application-id} had not been given. */
  Settings loadWithoutApplicationId() {
    return load(null);
  }

  Optional<String> applicationId() {
    return Optional.ofNullable(applicationId);
  }

  private Settings load(@Nullable String application) {
    List<String> all = new ArrayList<>();
    add(all, "bootstrap.servers", bootstrapServers);
    add(all, "topics.chunks", inputTopic);
    add(all, "topics.summaries", outputTopic);
    add(all, "topics.dead-letters", errorTopic);
    add(all, "application.id", application);
    kafkaConfig.forEach((key, value) -> all.add("kafka." + key + "=" + value));
    all.addAll(assignments);
    Settings settings = Settings.load(all, System.getenv(), file);
    Logging.apply(settings);
    return settings;
  }

  private static void add(List<String> all, String name, @Nullable String value) {
    if (value != null) {
      all.add(name + "=" + value);
    }
  }
}
