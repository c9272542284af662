package io.gistream.stream;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Where the streams run.
 *
 * @param applicationId consumer group, transactional ids and the prefix of the changelogs
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param topics names of the three topics
 * @param threads stream threads of this instance
 * @param standbyReplicas other instances that keep a copy of each partition's state
 * @param replicationFactor of the changelogs; -1 for the broker's default
 * @param stateDirectory where stores lie on disk
 * @param kafkaConfig anything else for Kafka Streams and its clients; wins over all of the above
 */
public record StreamOptions(
    String applicationId,
    String bootstrapServers,
    TopicNames topics,
    int threads,
    int standbyReplicas,
    int replicationFactor,
    Path stateDirectory,
    Map<String, String> kafkaConfig) {

  /**
   * Whether the group is coordinated by the broker (KIP-1071), where the number of standbys is a
   * setting of the group and not of its members.
   */
  public boolean brokerCoordinated() {
    return "streams".equalsIgnoreCase(kafkaConfig.get(StreamsConfig.GROUP_PROTOCOL_CONFIG));
  }

  /**
   * Whether the members of the group have names that outlast them (KIP-345): one that stops keeps
   * its partitions until its session times out, and finds them again when it is back by then.
   */
  public boolean staticMembers() {
    return Stream.of("", StreamsConfig.CONSUMER_PREFIX, StreamsConfig.MAIN_CONSUMER_PREFIX)
        .map(prefix -> kafkaConfig.get(prefix + CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG))
        .anyMatch(name -> name != null && !name.isEmpty());
  }

  /** Names of the topics. */
  public record TopicNames(String chunks, String summaries, String deadLetters) {}
}
