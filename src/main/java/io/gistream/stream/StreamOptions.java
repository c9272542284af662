package io.gistream.stream;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the streams run.
 *
 * @param applicationId consumer group, transactional ids and the prefix of the changelogs
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param topics names of the three topics
 * @param threads stream threads of this instance
 * @param replicationFactor of the changelogs; -1 for the broker's default
 * @param stateDirectory where stores lie on disk
 * @param kafkaConfig anything else for Kafka Streams and its clients; wins over all of the above
 */
public record StreamOptions(
    String applicationId,
    String bootstrapServers,
    TopicNames topics,
    int threads,
    int replicationFactor,
    Path stateDirectory,
    Map<String, String> kafkaConfig) {

  /** Names of the topics. */
  public record TopicNames(String chunks, String summaries, String deadLetters) {}
}
