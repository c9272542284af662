package io.gistream.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

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

  /** How many members it has now; 0 when nobody ever heard of it. */
  public int members(String group) {
    try {
      ConsumerGroupDescription description =
          connection.await(admin.describeConsumerGroups(List.of(group)).all()).get(group);
      return description == null ? 0 : description.members().size();
    } catch (GroupIdNotFoundException e) {
      return 0;
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
    for (String topic : topics) {
      try {
        connection.await(admin.deleteTopics(List.of(topic)).all());
      } catch (UnknownTopicOrPartitionException e) {
        // it was never created
      } catch (KafkaException e) {
        throw connection.failure("delete topic " + topic, e);
      }
    }
    try {
      connection.await(admin.deleteConsumerGroups(List.of(group)).all());
    } catch (GroupIdNotFoundException e) {
      // it never committed anything
    } catch (KafkaException e) {
      throw connection.failure("delete the group " + group, e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
