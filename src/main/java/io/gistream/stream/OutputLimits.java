package io.gistream.stream;

import io.gistream.stream.StreamOptions.TopicNames;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How large a record must not be for a topic to take it, as far as brokers have shown: a record
 * that is refused takes its transaction with it, and what was refused once must not be sent again
 * when the same chunks are read again. Lives as long as the process. Thread-safe.
 */
final class OutputLimits {
  private final TopicNames topics;
  private final Map<String, Long> smallestRefused = new ConcurrentHashMap<>();

  OutputLimits(TopicNames topics) {
    this.topics = topics;
  }

  /** For topics whose names are not known here: none refuses anything. */
  static OutputLimits none() {
    return new OutputLimits(new TopicNames("", "", ""));
  }

  /**
   * A record was refused for its size.
   *
   * @param bytes of key, value and headers
   * @return whether the topic is one of ours, so that the record will not be sent again
   */
  boolean refused(String topic, long bytes) {
    if (!topic.equals(topics.summaries()) && !topic.equals(topics.deadLetters())) {
      return false;
    }
    smallestRefused.merge(topic, bytes, Math::min);
    return true;
  }

  /** Whether no summary was ever refused: the usual case, in which no size need be known. */
  boolean takesAnySummary() {
    return !smallestRefused.containsKey(topics.summaries());
  }

  boolean takesSummary(long bytes) {
    return bytes < smallestRefused.getOrDefault(topics.summaries(), Long.MAX_VALUE);
  }

  boolean takesDeadLetter(long bytes) {
    return bytes < smallestRefused.getOrDefault(topics.deadLetters(), Long.MAX_VALUE);
  }
}
