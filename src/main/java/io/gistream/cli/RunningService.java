package io.gistream.cli;

import io.gistream.api.Backend;
import io.gistream.api.HttpOptions;
import io.gistream.api.HttpService;
import io.gistream.config.BatchOptions;
import io.gistream.config.GistreamOptions;
import io.gistream.config.HttpSettings;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.feed.ChunkProducer;
import io.gistream.feed.Feed;
import io.gistream.feed.FeedTopics;
import io.gistream.feed.KafkaReplay;
import io.gistream.feed.TopicFollower;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.TopicReport;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.StateSizeCheck;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final KafkaStreamsMetrics metrics;

  private RunningService(
      SummaryModel model,
      GistreamStreams streams,
      ChunkProducer producer,
      TopicFollower follower,
      HttpService http,
      KafkaStreamsMetrics metrics) {
    this.model = model;
    this.streams = streams;
    this.producer = producer;
    this.follower = follower;
    this.http = http;
    this.metrics = metrics;
  }

  /**
   * Starts all; throws {@link CommandFailure} with everything that is not as it must be.
   *
   * @param onStop called when the streams stop by themselves
   */
  static RunningService start(Settings settings, Runnable onStop) {
    SummaryModel model = Models.load(settings);
    try {
      SummaryOptions options = SummaryOptions.from(settings);
      check(settings, model, options);
      return start(
          settings,
          model,
          new GistreamStreams(
              Cluster.streamOptions(settings), options, BatchOptions.from(settings), model),
          onStop);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static RunningService start(
      Settings settings, SummaryModel model, GistreamStreams streams, Runnable onStop) {
    @Nullable HttpService http = null;
    ChunkProducer producer = Cluster.chunkProducer(settings);
    FeedTopics topics = Cluster.feedTopics(settings);
    Feed feed =
        new Feed(
            settings.get(HttpSettings.HISTORY_SIZE).bytes(),
            new KafkaReplay(Cluster.clientConfig(settings), topics));
    try {
      http =
          HttpService.start(
              HttpOptions.of(settings), new Backend(streams, feed, producer, Version.text()));
      KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams.kafkaStreams());
      metrics.bindTo(http.meters());
      Gauge.builder("gistream.poll.headroom", streams, GistreamStreams::pollHeadroom)
          .description("Least share of max.poll.interval.ms left between two polls")
          .register(http.meters());
      streams.start(onStop);
      TopicFollower follower =
          TopicFollower.start(Cluster.clientConfig(settings), topics, feed, streams::partitions);
      return new RunningService(model, streams, producer, follower, http, metrics);
    } catch (RuntimeException e) {
      if (http != null) {
        http.close();
      }
      producer.close();
      streams.close();
      throw e;
    }
  }

  /** Throws {@link CommandFailure} with everything in the cluster that is not as it must be. */
  static void check(Settings settings, SummaryModel model, SummaryOptions options) {
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
              maxMessageBytes(topics, settings)));
    }
    if (!problems.isEmpty()) {
      throw new CommandFailure("cannot start:\n  " + String.join("\n  ", problems));
    }
  }

  private static long maxRequestSize(Settings settings) {
    String set = settings.kafka().get("producer.max.request.size");
    return set == null ? StateSizeCheck.CHANGELOG_MAX_MESSAGE_BYTES : Long.parseLong(set);
  }

  private static Optional<Long> maxMessageBytes(Topics topics, Settings settings) {
    return topics
        .config(settings.get(GistreamOptions.TOPICS_SUMMARIES), "max.message.bytes")
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
      if (streams.stop()) {
        model.close(); // else a thread is still in it; the process is about to end anyway
      }
    }
  }
}
