package io.gistream.stream;

import io.gistream.session.Outcome;
import io.gistream.stream.Totals.Count;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.StreamsMetrics;

/**
 * What one task counts: beside Kafka Streams' own metrics, group {@code stream-gistream-metrics},
 * rate and total of each; and in the totals of the instance.
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

  private final Totals totals;

  SummarizerMetrics(StreamsMetrics metrics, String task, Totals totals) {
    this.totals = totals;
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
    totals.add(Count.CHUNKS, 1);
  }

  /** One run of the model. */
  void batch(int read) {
    segments.record(read);
    totals.add(Count.BATCHES, 1);
    totals.add(Count.SEGMENTS, read);
  }

  /**
   * @param delayMillis since the timestamp of the chunk that brought it
   */
  void summary(long delayMillis) {
    summaries.record();
    totals.add(Count.SUMMARIES, 1);
    totals.summaryDelay(delayMillis);
  }

  void dropped(Outcome.Reason reason) {
    if (reason == Outcome.Reason.DUPLICATE) {
      totals.add(Count.DUPLICATES, 1);
    }
    dropped();
  }

  void dropped() {
    dropped.record();
    totals.add(Count.DROPPED, 1);
  }

  void correction() {
    corrections.record();
    totals.add(Count.CORRECTIONS, 1);
  }

  void erasure() {
    erasures.record();
    totals.add(Count.ERASURES, 1);
  }

  void gap() {
    gaps.record();
    totals.add(Count.GAPS, 1);
  }

  void deadLetter() {
    deadLetters.record();
    totals.add(Count.DEAD_LETTERS, 1);
  }

  /** Generated sentences that what was said does not support. */
  void ungrounded(int replacedSentences, int removedSentences) {
    if (replacedSentences > 0) {
      replaced.record(replacedSentences);
      totals.add(Count.REPLACED_SENTENCES, replacedSentences);
    }
    if (removedSentences > 0) {
      removed.record(removedSentences);
      totals.add(Count.REMOVED_SENTENCES, removedSentences);
    }
  }
}
