package io.gistream.stream;

import java.util.Collection;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;

/** Sums and extremes of what Kafka Streams and its clients measure. */
final class ClientMetrics {
  private static final Set<String> STATE = Set.of("total-sst-files-size", "size-all-mem-tables");

  private final Collection<? extends Metric> metrics;

  ClientMetrics(Collection<? extends Metric> metrics) {
    this.metrics = metrics;
  }

  /**
   * Longest time between two polls of a consumer, as the clients remember it; 0 before any. Those
   * that restore state are in no group, and polled only when there is any.
   */
  double longestPollMillis() {
    return metrics.stream()
        .filter(metric -> metric.metricName().group().equals("consumer-metrics"))
        .filter(metric -> metric.metricName().name().equals("time-between-poll-max"))
        .filter(
            metric ->
                !metric
                    .metricName()
                    .tags()
                    .getOrDefault("client-id", "")
                    .endsWith("-restore-consumer"))
        .flatMapToDouble(ClientMetrics::value)
        .max()
        .orElse(0);
  }

  /** Bytes of the state stores, on disk and in the tables that are about to be written there. */
  double stateBytes() {
    return values("stream-state-metrics", STATE).sum();
  }

  /** Records of a topic that are not polled yet, of the partitions that this instance has. */
  double lag(String topic) {
    // Kafka writes dots in tags as underscores in some releases
    String other = topic.replace('.', '_');
    return metrics.stream()
        .filter(metric -> metric.metricName().group().equals("consumer-fetch-manager-metrics"))
        .filter(metric -> metric.metricName().name().equals("records-lag"))
        .filter(
            metric -> {
              String of = metric.metricName().tags().get("topic");
              return topic.equals(of) || other.equals(of);
            })
        .flatMapToDouble(ClientMetrics::value)
        .sum();
  }

  private DoubleStream values(String group, Set<String> names) {
    return metrics.stream()
        .filter(metric -> metric.metricName().group().equals(group))
        .filter(metric -> names.contains(metric.metricName().name()))
        .flatMapToDouble(ClientMetrics::value);
  }

  private static DoubleStream value(Metric metric) {
    try {
      return metric.metricValue() instanceof Number number && !Double.isNaN(number.doubleValue())
          ? DoubleStream.of(number.doubleValue())
          : DoubleStream.empty();
    } catch (RuntimeException e) {
      return DoubleStream.empty(); // of a store that has just been closed
    }
  }
}
