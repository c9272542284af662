package io.gistream.cli;

import io.gistream.api.HttpOptions;
import io.gistream.api.HttpService;
import io.gistream.config.BatchOptions;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.TopicReport;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.StateSizeCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Model, streams and HTTP server, started in this order once everything they need is found in
 * place, and closed in the opposite one.
 */
final class RunningService implements AutoCloseable {
  private final SummaryModel model;
  private final GistreamStreams streams;
  private final @Nullable HttpService http;

  private RunningService(SummaryModel model, GistreamStreams streams, @Nullable HttpService http) {
    this.model = model;
    this.streams = streams;
    this.http = http;
  }

  /**
   * Starts all; throws {@link CommandFailure} with everything that is not as it must be.
   *
   * @param onStop called when the streams stop by themselves
   */
  static RunningService start(Settings settings, boolean withHttp, Runnable onStop) {
    SummaryOptions options = SummaryOptions.from(settings);
    SummaryModel model = Models.load(settings);
    @Nullable GistreamStreams streams = null;
    @Nullable HttpService http = null;
    try {
      check(settings, model, options);
      streams =
          new GistreamStreams(
              Cluster.streamOptions(settings), options, BatchOptions.from(settings), model);
      if (withHttp) {
        http =
            HttpService.start(
                new HttpOptions(
                    settings.get(GistreamOptions.HTTP_HOST),
                    settings.get(GistreamOptions.HTTP_PORT)),
                streams);
        http.bindMetrics(streams.kafkaStreams());
      }
      streams.start(onStop);
      return new RunningService(model, streams, http);
    } catch (RuntimeException e) {
      if (http != null) {
        http.close();
      }
      if (streams != null) {
        streams.close();
      }
      model.close();
      throw e;
    }
  }

  private static void check(Settings settings, SummaryModel model, SummaryOptions options) {
    List<String> problems = new ArrayList<>();
    try (Topics topics = Cluster.topics(settings)) {
      for (TopicReport report : topics.check(Cluster.layout(settings).topics())) {
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

  /** Where the HTTP server answers; empty when there is none. */
  Optional<String> address(Settings settings) {
    return http == null
        ? Optional.empty()
        : Optional.of("http://" + settings.get(GistreamOptions.HTTP_HOST) + ":" + http.port());
  }

  @Override
  public void close() {
    if (http != null) {
      http.close();
    }
    streams.close();
    model.close();
  }
}
