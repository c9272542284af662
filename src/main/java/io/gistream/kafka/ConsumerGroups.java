package io.gistream.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * How far consumer groups have read. The group of an application of Kafka Streams has the name of
 * its {@code application.id}.
 */
public final class ConsumerGroups implements AutoCloseable {
  private final AdminConnection connection;
  private final Admin admin;

  private ConsumerGroups(AdminConnection connection) {
    this.connection = connection;
    this.admin = connection.admin();
  }

  /** As {@link Topics#connect}. */
  public static ConsumerGroups connect(Map<String, ?> clientConfig, Duration timeout) {
    return new ConsumerGroups(AdminConnection.connect(clientConfig, timeout));
  }

  /**
   * How many members it has now, whichever protocol they speak (KIP-1071); 0 when nobody ever heard
   * of it.
   */
  public int members(String group) {
    try {
      ConsumerGroupDescription description =
          connection.await(admin.describeConsumerGroups(List.of(group)).all()).get(group);
      return description == null ? 0 : description.members().size();
    } catch (GroupIdNotFoundException e) {
      return streamsMembers(group);
    } catch (KafkaException e) {
      throw connection.failure("describe the group " + group, e);
    }
  }

  private int streamsMembers(String group) {
    try {
      StreamsGroupDescription description =
          connection.await(admin.describeStreamsGroups(List.of(group)).all()).get(group);
      return description == null ? 0 : description.members().size();
    } catch (GroupIdNotFoundException | UnsupportedVersionException e) {
      return 0; // brokers that do not know the protocol have no such groups
    } catch (KafkaException e) {
      throw connection.failure("describe the group " + group, e);
    }
  }

  /**
   * The offsets it goes on from, for the partitions of which it has committed any. Waits for
   * transactions that are about to commit one.
   */
  public Map<TopicPartition, Long> committed(String group) {
    try {
      Map<TopicPartition, OffsetAndMetadata> found =
          connection.await(
              admin
                  .listConsumerGroupOffsets(
                      Map.of(group, new ListConsumerGroupOffsetsSpec()),
                      new ListConsumerGroupOffsetsOptions().requireStable(true))
                  .partitionsToOffsetAndMetadata(group));
      Map<TopicPartition, Long> offsets = new HashMap<>();
      found.forEach(
          (partition, offset) -> {
            if (offset != null) {
              offsets.put(partition, offset.offset());
            }
          });
      return offsets;
    } catch (GroupIdNotFoundException e) {
      return Map.of();
    } catch (KafkaException e) {
      throw connection.failure("tell the offsets of the group " + group, e);
    }
  }

  /** Sets where a group without members begins. */
  public void begin(String group, Map<TopicPartition, Long> offsets) {
    connection.await(
        admin
            .alterConsumerGroupOffsets(
                group,
                offsets.entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue()))))
            .all(),
        "set the offsets of the group " + group);
  }

  /**
   * Deletes a group without members, and topics that belong to it. What is not there is not missed.
   */
  public void erase(String group, List<String> topics) {
    if (!erase(group, topicIds(topics).values())) {
      throw new ClusterException("the group %s has members".formatted(group), null);
    }
  }

  /** What Kafka knows the topics by that exist: one that is deleted and made anew has another. */
  public Map<String, Uuid> topicIds(List<String> topics) {
    Map<String, Uuid> ids = new TreeMap<>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach(
            (topic, description) -> {
              try {
                ids.put(topic, connection.await(description).topicId());
              } catch (UnknownTopicOrPartitionException e) {
                // it was never created, or is gone
              } catch (KafkaException e) {
                throw connection.failure("describe topic " + topic, e);
              }
            });
    return ids;
  }

  /**
   * Deletes a group without members, and then these very topics and none that was made in their
   * place. What is not there is not missed.
   *
   * @return false when the group has members, and nothing was deleted
   */
  public boolean erase(String group, Collection<Uuid> topics) {
    try {
      connection.await(admin.deleteConsumerGroups(List.of(group)).all());
    } catch (GroupIdNotFoundException e) {
      // it never committed anything
    } catch (GroupNotEmptyException e) {
      return false;
    } catch (KafkaException e) {
      throw connection.failure("delete the group " + group, e);
    }
    for (Uuid topic : topics) {
      try {
        connection.await(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(topic))).all());
      } catch (UnknownTopicIdException | UnknownTopicOrPartitionException e) {
        // somebody else was faster
      } catch (KafkaException e) {
        throw connection.failure("delete topic " + topic, e);
      }
    }
    return true;
  }

  /**
   * Sets how many standbys a group gets whose members are coordinated by the broker.
   *
   * @throws ClusterException when the broker does not allow so many ({@code
   *     group.streams.max.standby.replicas})
   */
  public void setStandbys(String group, int standbys) {
    ConfigEntry entry = new ConfigEntry("streams.num.standby.replicas", Integer.toString(standbys));
    connection.await(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, group),
                    List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
            .all(),
        "give the group %s %d standbys".formatted(group, standbys));
  }

  @Override
  public void close() {
    connection.close();
  }
}
