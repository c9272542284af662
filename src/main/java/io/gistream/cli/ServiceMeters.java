package io.gistream.cli;

import io.gistream.model.GraphUse;
import io.gistream.model.SentenceUse;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.LiveStreams.State;
import io.gistream.stream.Totals;
import io.gistream.stream.Totals.Count;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What a service measures, in the names that {@code docs/metrics.md} explains: our own {@code
 * gistream.*}, and {@code kafka.*} as Kafka Streams and its clients name them.
 */
final class ServiceMeters implements AutoCloseable {
  private final KafkaStreamsMetrics kafka;

  private ServiceMeters(KafkaStreamsMetrics kafka) {
    this.kafka = kafka;
  }

  static ServiceMeters bind(
      MeterRegistry registry, GistreamStreams streams, SummaryModel model, File stateDirectory) {
    bindTotals(registry, streams.totals());
    bindModel(registry, model);
    bindSentences(registry, streams);
    gauge(
        registry,
        "gistream.running",
        "1 while all partitions are assigned and restored, else 0",
        streams,
        it -> it.state() == State.RUNNING ? 1 : 0);
    gauge(
        registry,
        "gistream.poll.headroom",
        "Least share of max.poll.interval.ms left between two polls",
        streams,
        GistreamStreams::pollHeadroom);
    gauge(
        registry,
        "gistream.consumer.lag.records",
        "Records of the chunks topic that are not polled yet, of this instance's partitions",
        streams,
        GistreamStreams::consumerLag);
    Gauge.builder("gistream.staleness", streams, ServiceMeters::stalenessSeconds)
        .baseUnit("seconds")
        .description(
            "Age by its timestamp of the oldest chunk that was polled and is not summarised yet; 0"
                + " when there is none")
        .register(registry);
    Gauge.builder("gistream.state", streams, GistreamStreams::stateBytes)
        .baseUnit("bytes")
        .description("Size of the state stores of this instance")
        .register(registry);
    gauge(
        registry,
        "gistream.restore.remaining.records",
        "Records of the changelogs that are still to be read before work begins",
        streams,
        GistreamStreams::restoreRemaining);
    new DiskSpaceMetrics(stateDirectory).bindTo(registry);
    KafkaStreamsMetrics kafka = new KafkaStreamsMetrics(streams.kafkaStreams());
    kafka.bindTo(registry);
    return new ServiceMeters(kafka);
  }

  private static void bindTotals(MeterRegistry registry, Totals totals) {
    for (Count count : Count.values()) {
      FunctionCounter.builder("gistream." + count.label(), totals, it -> it.get(count))
          .description(count.description())
          .register(registry);
    }
    FunctionTimer.builder(
            "gistream.summary.delay",
            totals,
            it -> it.get(Count.SUMMARIES),
            it -> it.summaryDelayMillis(),
            TimeUnit.MILLISECONDS)
        .description("From the timestamp of a chunk to the summary it brought")
        .register(registry);
  }

  private static void bindModel(MeterRegistry registry, SummaryModel model) {
    for (GraphUse use : model.use()) {
      FunctionTimer.builder(
              "gistream.model",
              model,
              it -> use(it, use.graph()).runs(),
              it -> use(it, use.graph()).nanos(),
              TimeUnit.NANOSECONDS)
          .tags(Tags.of("graph", use.graph()))
          .description(
              "Runs of the model's graphs: encoder encodes, memory folds, decoder scores or writes")
          .register(registry);
    }
  }

  private static void bindSentences(MeterRegistry registry, GistreamStreams streams) {
    lookups(registry, "hit", streams, SentenceUse::hits);
    lookups(registry, "miss", streams, SentenceUse::misses);
    FunctionCounter.builder("gistream.folded.sentences", streams, it -> it.sentenceUse().folded())
        .description("Sentences of the segments that entered a memory")
        .register(registry);
    Gauge.builder("gistream.sentence.cache", streams, it -> it.sentenceUse().bytes())
        .baseUnit("bytes")
        .description("Heap that encoded sentences take")
        .register(registry);
  }

  private static void lookups(
      MeterRegistry registry,
      String result,
      GistreamStreams streams,
      ToLongFunction<SentenceUse> count) {
    FunctionCounter.builder(
            "gistream.sentence.lookups", streams, it -> count.applyAsLong(it.sentenceUse()))
        .tags(Tags.of("result", result))
        .description("Sentences that were to be read: known, a hit, or to be encoded, a miss")
        .register(registry);
  }

  private static GraphUse use(SummaryModel model, String graph) {
    List<GraphUse> all = model.use();
    return all.stream().filter(use -> use.graph().equals(graph)).findFirst().orElseThrow();
  }

  private static double stalenessSeconds(GistreamStreams streams) {
    long now = System.currentTimeMillis();
    return Math.max(0, now - streams.totals().oldestQueued().orElse(now)) / 1000.0;
  }

  private static Meter gauge(
      MeterRegistry registry,
      String name,
      String description,
      GistreamStreams streams,
      ToDoubleFunction<GistreamStreams> value) {
    return Gauge.builder(name, streams, value).description(description).register(registry);
  }

  @Override
  public void close() {
    kafka.close();
  }
}
