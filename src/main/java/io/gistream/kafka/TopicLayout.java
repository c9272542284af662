package io.gistream.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics Gistream reads and writes.
 *
 * @param chunks name of the topic read
 * @param summaries name of the topic written; compacted, so its latest values are what is known
 * @param deadLetters name of the topic of chunks that could not be read
 * @param partitions of each: the most tasks that can share the work
 * @param replicationFactor of each, or {@link TopicSpec#BROKER_DEFAULT}
 * @param retention how long chunks and dead letters are kept; a talk can be replayed for as long
 * @param maxMessageBytes of each; a dead letter may be that much larger than its chunk as its
 *     headers need, see {@link #DEAD_LETTER_HEADER_BYTES}
 */
public record TopicLayout(
    String chunks,
    String summaries,
    String deadLetters,
    int partitions,
    int replicationFactor,
    Duration retention,
    int maxMessageBytes) {

  /** Room for what Kafka Streams says in the headers of a dead letter, stack trace included. */
  public static final int DEAD_LETTER_HEADER_BYTES = 64 * 1024;

  /** The topics, in the order they are met on the way of a chunk. */
  public List<TopicSpec> topics() {
    return List.of(
        spec(chunks, deletedAfterRetention(maxMessageBytes)),
        spec(
            summaries,
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(maxMessageBytes))),
        spec(deadLetters, deletedAfterRetention(maxMessageBytes + DEAD_LETTER_HEADER_BYTES)));
  }

  private TopicSpec spec(String name, Map<String, String> configs) {
    return new TopicSpec(name, partitions, replicationFactor, configs);
  }

  private Map<String, String> deletedAfterRetention(int maxMessageBytes) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        Long.toString(retention.toMillis()),
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(maxMessageBytes));
  }
}
