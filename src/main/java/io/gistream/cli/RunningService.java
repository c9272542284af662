package io.gistream.cli;

import io.gistream.api.Backend;
import io.gistream.api.HttpOptions;
import io.gistream.api.HttpService;
import io.gistream.config.BatchOptions;
import io.gistream.config.GistreamOptions;
import io.gistream.config.HttpSettings;
import io.gistream.config.Option;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.feed.ChunkProducer;
import io.gistream.feed.Feed;
import io.gistream.feed.FeedTopics;
import io.gistream.feed.KafkaReplay;
import io.gistream.feed.TopicFollower;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.TopicReport;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.serde.SchemaUnavailableException;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.StateSizeCheck;
import io.gistream.stream.TopicFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Model, streams and HTTP server: started once all they need is found in place, closed in the
 * opposite order.
 */
final class RunningService implements AutoCloseable {
  private final SummaryModel model;
  private final GistreamStreams streams;
  private final ChunkProducer producer;
  private final TopicFollower follower;
  private final HttpService http;
  private final ServiceMeters metrics;
  private final Tracing tracing;

  private RunningService(
      SummaryModel model,
      GistreamStreams streams,
      ChunkProducer producer,
      TopicFollower follower,
      HttpService http,
      ServiceMeters metrics,
      Tracing tracing) {
    this.model = model;
    this.streams = streams;
    this.producer = producer;
    this.follower = follower;
    this.http = http;
    this.metrics = metrics;
    this.tracing = tracing;
  }

  /**
   * Starts all; throws {@link CommandFailure} with everything that is not as it must be.
   *
   * @param onStop called when the streams stop by themselves
   */
  static RunningService start(Settings settings, Runnable onStop) {
    SummaryModel model = Models.load(settings);
    Tracing tracing = Tracing.of(settings);
    try {
      SummaryOptions options = SummaryOptions.from(settings);
      Formats formats = Formats.of(settings);
      TopicFormats topicFormats = formats.topics();
      check(settings, model, options, topicFormats);
      setStandbysOfTheGroup(settings);
      return start(
          settings,
          model,
          new GistreamStreams(
              Cluster.streamOptions(settings),
              options,
              BatchOptions.from(settings),
              topicFormats,
              tracing.telemetry(),
              model),
          Cluster.chunkProducer(settings, formats),
          Cluster.feedTopics(settings, topicFormats),
          tracing,
          onStop);
    } catch (RuntimeException e) {
      tracing.close();
      model.close();
      throw e;
    }
  }

  private static RunningService start(
      Settings settings,
      SummaryModel model,
      GistreamStreams streams,
      ChunkProducer producer,
      FeedTopics topics,
      Tracing tracing,
      Runnable onStop) {
    @Nullable HttpService http = null;
    Feed feed =
        new Feed(
            settings.get(HttpSettings.HISTORY_SIZE).bytes(),
            new KafkaReplay(Cluster.clientConfig(settings), topics));
    try {
      http =
          HttpService.start(
              HttpOptions.of(settings), new Backend(streams, feed, producer, Version.text()));
      ServiceMeters metrics =
          ServiceMeters.bind(
              http.meters(), streams, model, settings.get(GistreamOptions.STATE_DIR).toFile());
      streams.start(onStop);
      TopicFollower follower =
          TopicFollower.start(Cluster.clientConfig(settings), topics, feed, streams::partitions);
      return new RunningService(model, streams, producer, follower, http, metrics, tracing);
    } catch (RuntimeException e) {
      if (http != null) {
        http.close();
      }
      producer.close();
      streams.close();
      throw e;
    }
  }

  /**
   * Throws {@link CommandFailure} with everything in cluster and registry that is not as it must
   * be.
   */
  static void check(
      Settings settings, SummaryModel model, SummaryOptions options, TopicFormats formats) {
    List<String> problems = new ArrayList<>();
    try (Topics topics = Cluster.topics(settings)) {
      for (TopicReport report : topics.check(TopicLayout.of(settings).topics())) {
        if (report instanceof TopicReport.Missing) {
          problems.add(
              "topic %s does not exist; create it with 'gistream topics --bootstrap-servers %s'"
                  .formatted(report.topic(), settings.get(GistreamOptions.BOOTSTRAP_SERVERS)));
        }
      }
      problems.addAll(
          StateSizeCheck.problems(
              StateSizeCheck.sizes(model, options),
              maxRequestSize(settings),
              maxMessageBytes(topics, settings, GistreamOptions.TOPICS_SUMMARIES)));
      problems.addAll(
          StateSizeCheck.deadLetterProblems(
              maxMessageBytes(topics, settings, GistreamOptions.TOPICS_DEAD_LETTERS),
              topics.config(
                  settings.get(GistreamOptions.TOPICS_DEAD_LETTERS),
                  TopicConfig.CLEANUP_POLICY_CONFIG)));
    }
    problems.addAll(
        GistreamStreams.problems(Cluster.streamOptions(settings), BatchOptions.from(settings)));
    try {
      formats.summaries().prepare();
    } catch (SchemaUnavailableException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw new CommandFailure("cannot start:\n  " + String.join("\n  ", problems));
    }
  }

  /**
   * Where the broker coordinates the group it must know how many standbys there should be. Without
   * the option the group keeps what somebody may have set.
   */
  private static void setStandbysOfTheGroup(Settings settings) {
    int standbys = settings.get(GistreamOptions.STREAM_STANDBY_REPLICAS);
    if (standbys > 0 && Cluster.streamOptions(settings).brokerCoordinated()) {
      try (ConsumerGroups groups = Cluster.groups(settings)) {
        groups.setStandbys(settings.get(GistreamOptions.APPLICATION_ID), standbys);
      }
    }
  }

  private static long maxRequestSize(Settings settings) {
    String set = settings.kafka().get("producer.max.request.size");
    return set == null ? StateSizeCheck.CHANGELOG_MAX_MESSAGE_BYTES : Long.parseLong(set);
  }

  private static Optional<Long> maxMessageBytes(
      Topics topics, Settings settings, Option<String> topic) {
    return topics
        .config(settings.get(topic), TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
        .map(Long::parseLong);
  }

  GistreamStreams streams() {
    return streams;
  }

  /** Where the HTTP server answers. */
  String address(Settings settings) {
    return "%s://%s:%d"
        .formatted(HttpOptions.of(settings).scheme(), settings.get(HttpSettings.HOST), http.port());
  }

  @Override
  public void close() {
    try {
      http.close();
      follower.close();
      producer.close();
      metrics.close();
    } finally {
      boolean stopped = streams.stop();
      tracing.close();
      if (stopped) {
        model.close(); // else a thread is still in it; the process is about to end anyway
      }
    }
  }
}
