package io.gistream.kafka;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
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

  /** How long chunks and dead letters are kept unless told otherwise. */
  public static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

  /** Kafka's own default: 1 MiB and the overhead of a batch. */
  public static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

  /** The topics that the settings name, with the defaults above. */
  public static TopicLayout of(Settings settings) {
    return new TopicLayout(
        settings.get(GistreamOptions.TOPICS_CHUNKS),
        settings.get(GistreamOptions.TOPICS_SUMMARIES),
        settings.get(GistreamOptions.TOPICS_DEAD_LETTERS),
        settings.get(GistreamOptions.TOPICS_PARTITIONS),
        settings.get(GistreamOptions.TOPICS_REPLICATION_FACTOR),
        DEFAULT_RETENTION,
        DEFAULT_MAX_MESSAGE_BYTES);
  }

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
