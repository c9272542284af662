package io.gistream.stream;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;

/** Which instance of the group has what, as its members tell each other. */
final class Instances {
  private final KafkaStreams streams;
  private final String store;
  private final String chunks;
  private final String self;

  /**
   * @param store whose partitions decide
   * @param chunks the chunks topic
   * @param self {@code application.server} of this instance, empty when others cannot ask it
   */
  Instances(KafkaStreams streams, String store, String chunks, String self) {
    this.streams = streams;
    this.store = store;
    this.chunks = chunks;
    this.self = self;
  }

  Set<Integer> partitions() {
    return streams.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .flatMap(task -> task.topicPartitions().stream())
        .filter(partition -> partition.topic().equals(chunks))
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  Optional<String> elsewhere(String streamId) {
    if (self.isEmpty()) {
      return Optional.empty();
    }
    try {
      KeyQueryMetadata metadata =
          streams.queryMetadataForKey(store, streamId, new StringSerializer());
      return metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)
          ? Optional.empty()
          : address(metadata.activeHost());
    } catch (StreamsException | IllegalStateException e) {
      return Optional.empty(); // not running
    }
  }

  Set<String> others() {
    if (self.isEmpty()) {
      return Set.of();
    }
    try {
      return streams.metadataForAllStreamsClients().stream()
          .map(StreamsMetadata::hostInfo)
          .flatMap(host -> address(host).stream())
          .collect(Collectors.toSet());
    } catch (StreamsException | IllegalStateException e) {
      return Set.of();
    }
  }

  private Optional<String> address(HostInfo host) {
    if (host == null || host.equals(HostInfo.unavailable())) {
      return Optional.empty();
    }
    String name = host.host().contains(":") ? "[" + host.host() + "]" : host.host();
    String address = name + ":" + host.port();
    return address.equals(self) ? Optional.empty() : Optional.of(address);
  }
}
