package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.HttpSettings;
import io.gistream.config.Option;
import io.gistream.config.Settings;
import io.gistream.feed.ChunkProducer;
import io.gistream.feed.FeedTopics;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.TopicReport;
import io.gistream.kafka.Topics;
import io.gistream.stream.StreamOptions;
import io.gistream.stream.StreamOptions.TopicNames;
import io.gistream.stream.TopicFormats;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.streams.StreamsConfig;

/** What settings say about Kafka, in the form its users here take. */
final class Cluster {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  private Cluster() {}

  static Topics topics(Settings settings) {
    return Topics.connect(clientConfig(settings), CONNECT_TIMEOUT);
  }

  static ConsumerGroups groups(Settings settings) {
    return ConsumerGroups.connect(clientConfig(settings), CONNECT_TIMEOUT);
  }

  static CommittedRecords records(Settings settings) {
    return CommittedRecords.connect(clientConfig(settings), CONNECT_TIMEOUT);
  }

  /** Throws {@link CommandFailure} when a topic that a setting names does not exist. */
  static void requireTopic(Settings settings, Option<String> topic) {
    try (Topics topics = topics(settings)) {
      for (TopicReport report : topics.check(TopicLayout.of(settings).topics())) {
        if (report instanceof TopicReport.Missing && report.topic().equals(settings.get(topic))) {
          throw new CommandFailure(
              "topic %s does not exist; create it with 'gistream topics --bootstrap-servers %s'"
                  .formatted(report.topic(), settings.get(GistreamOptions.BOOTSTRAP_SERVERS)));
        }
      }
    }
  }

  /**
   * For plain clients: where the brokers are, and whatever else was given, less what is for members
   * of the application's group alone.
   */
  static Map<String, Object> clientConfig(Settings settings) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", settings.get(GistreamOptions.BOOTSTRAP_SERVERS));
    config.putAll(settings.kafka());
    config.remove(CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG);
    config.remove(StreamsConfig.GROUP_PROTOCOL_CONFIG); // "streams" is no protocol of theirs
    return config;
  }

  static ChunkProducer chunkProducer(Settings settings, Formats formats) {
    return new ChunkProducer(
        clientConfig(settings),
        formats.chunks(),
        settings.get(GistreamOptions.TOPICS_CHUNKS),
        settings.get(GistreamOptions.CHUNK_MAX_CHARACTERS));
  }

  static FeedTopics feedTopics(Settings settings, TopicFormats formats) {
    return new FeedTopics(
        settings.get(GistreamOptions.TOPICS_CHUNKS),
        settings.get(GistreamOptions.TOPICS_SUMMARIES),
        settings.get(GistreamOptions.TOPICS_DEAD_LETTERS),
        formats);
  }

  static StreamOptions streamOptions(Settings settings) {
    return new StreamOptions(
        settings.get(GistreamOptions.APPLICATION_ID),
        settings.get(GistreamOptions.BOOTSTRAP_SERVERS),
        new TopicNames(
            settings.get(GistreamOptions.TOPICS_CHUNKS),
            settings.get(GistreamOptions.TOPICS_SUMMARIES),
            settings.get(GistreamOptions.TOPICS_DEAD_LETTERS)),
        settings.get(GistreamOptions.STREAM_THREADS),
        settings.get(GistreamOptions.STREAM_STANDBY_REPLICAS),
        settings.get(GistreamOptions.TOPICS_REPLICATION_FACTOR),
        settings.get(GistreamOptions.STATE_DIR),
        streamsConfig(settings));
  }

  private static Map<String, String> streamsConfig(Settings settings) {
    Map<String, String> config = new HashMap<>(settings.kafka());
    if (!settings.get(HttpSettings.ADVERTISED).isEmpty()) {
      config.put("application.server", settings.get(HttpSettings.ADVERTISED));
    }
    return config;
  }
}
