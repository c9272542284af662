package io.gistream.cli;

import io.gistream.api.HttpOptions;
import io.gistream.api.HttpService;
import io.gistream.config.BatchOptions;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
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
import org.jspecify.annotations.Nullable;

/**
 * Model, streams and HTTP server: started once all they need is found in place, closed in the
 * opposite order.
 */
final class RunningService implements AutoCloseable {
  private final SummaryModel model;
  private final GistreamStreams streams;
  private final Erasures erasures;
  private final HttpService http;
  private final ServiceMeters metrics;
  private final Tracing tracing;

  private RunningService(
      SummaryModel model,
      GistreamStreams streams,
      Erasures erasures,
      HttpService http,
      ServiceMeters metrics,
      Tracing tracing) {
    this.model = model;
    this.streams = streams;
    this.erasures = erasures;
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
      TopicFormats formats = Formats.of(settings).topics();
      check(settings, model, options, formats);
      return start(
          settings,
          model,
          new GistreamStreams(
              Cluster.streamOptions(settings),
              options,
              BatchOptions.from(settings),
              formats,
              tracing.telemetry(),
              model),
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
      Tracing tracing,
      Runnable onStop) {
    @Nullable HttpService http = null;
    Erasures erasures = new Erasures(settings);
    try {
      http = HttpService.start(HttpOptions.of(settings), streams, erasures);
      ServiceMeters metrics =
          ServiceMeters.bind(
              http.meters(), streams, model, settings.get(GistreamOptions.STATE_DIR).toFile());
      streams.start(onStop);
      return new RunningService(model, streams, erasures, http, metrics, tracing);
    } catch (RuntimeException e) {
      if (http != null) {
        http.close();
      }
      erasures.close();
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
              maxMessageBytes(topics, settings)));
    }
    try {
      formats.summaries().prepare();
    } catch (SchemaUnavailableException e) {
      problems.add(String.valueOf(e.getMessage()));
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
    return "http://" + settings.get(GistreamOptions.HTTP_HOST) + ":" + http.port();
  }

  @Override
  public void close() {
    try {
      http.close();
      erasures.close();
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
