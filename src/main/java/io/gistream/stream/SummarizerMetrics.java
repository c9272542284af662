package io.gistream.stream;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.StreamsMetrics;

/**
 * What one task counts, beside Kafka Streams' own metrics: group {@code stream-gistream-metrics},
 * rate and total of each.
 */
final class SummarizerMetrics {
  private final Sensor chunks;
  private final Sensor segments;
  private final Sensor summaries;
  private final Sensor dropped;
  private final Sensor gaps;
  private final Sensor deadLetters;
  private final Sensor corrections;
  private final Sensor erasures;
  private final Sensor replaced;
  private final Sensor removed;

  SummarizerMetrics(StreamsMetrics metrics, String task) {
    chunks = sensor(metrics, task, "chunk");
    segments = sensor(metrics, task, "segment");
    summaries = sensor(metrics, task, "summary");
    dropped = sensor(metrics, task, "dropped-chunk");
    gaps = sensor(metrics, task, "gap");
    deadLetters = sensor(metrics, task, "dead-letter");
    corrections = sensor(metrics, task, "corrected-chunk");
    erasures = sensor(metrics, task, "erasure");
    replaced = sensor(metrics, task, "replaced-sentence");
    removed = sensor(metrics, task, "removed-sentence");
  }

  private static Sensor sensor(StreamsMetrics metrics, String task, String name) {
    return metrics.addRateTotalSensor("gistream", task, name, RecordingLevel.INFO);
  }

  void chunk() {
    chunks.record();
  }

  void segments(int read) {
    segments.record(read);
  }

  void summary() {
    summaries.record();
  }

  void dropped() {
    dropped.record();
  }

  void correction() {
    corrections.record();
  }

  void erasure() {
    erasures.record();
  }

  void gap() {
    gaps.record();
  }

  void deadLetter() {
    deadLetters.record();
  }

  /** Generated sentences that what was said does not support. */
  void ungrounded(int replacedSentences, int removedSentences) {
    if (replacedSentences > 0) {
      replaced.record(replacedSentences);
    }
    if (removedSentences > 0) {
      removed.record(removedSentences);
    }
  }
}
