package io.gistream.kafka;

import io.gistream.kafka.TopicReport.Created;
import io.gistream.kafka.TopicReport.Difference;
import io.gistream.kafka.TopicReport.Differs;
import io.gistream.kafka.TopicReport.Exists;
import io.gistream.kafka.TopicReport.Missing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates topics that are missing and reports on those that exist. A topic that exists is never
 * changed: its partitions decide where the state of a talk lives, its retention what is lost.
 */
public final class Topics implements AutoCloseable {
  private static final long VISIBILITY_POLL_MS = 50;

  private final AdminConnection connection;
  private final Admin admin;

  private Topics(AdminConnection connection) {
    this.connection = connection;
    this.admin = connection.admin();
  }

  /**
   * Connects to a cluster.
   *
   * @param clientConfig Kafka client configuration, {@code bootstrap.servers} among it
   * @param timeout how long to wait for a broker, and then for each answer
   * @throws ClusterException when no broker answers
   */
  public static Topics connect(Map<String, ?> clientConfig, Duration timeout) {
    return new Topics(AdminConnection.connect(clientConfig, timeout));
  }

  /** Reports on each topic, in the order given, and changes nothing. */
  public List<TopicReport> check(List<TopicSpec> wanted) {
    return wanted.stream()
        .map(
            spec ->
                describe(spec)
                    .map(found -> compare(spec, found))
                    .orElseGet(() -> new Missing(spec.name())))
        .toList();
  }

  /** Creates each topic that is missing; reports on each, in the order given. */
  public List<TopicReport> create(List<TopicSpec> wanted) {
    List<TopicReport> reports = new ArrayList<>();
    for (TopicSpec spec : wanted) {
      Optional<TopicDescription> found = describe(spec);
      if (found.isPresent()) {
        reports.add(compare(spec, found.get()));
      } else if (create(spec)) {
        describeOnceVisible(spec);
        reports.add(new Created(spec.name()));
      } else {
        // not found, and yet not created: somebody else was faster
        reports.add(
            describeOnceVisible(spec)
                .map(description -> compare(spec, description))
                .orElseGet(() -> new Missing(spec.name())));
      }
    }
    return reports;
  }

  /** A setting of an existing topic, as in force; empty when the cluster does not know it. */
  public Optional<String> config(String topic, String name) {
    return Optional.ofNullable(configs(topic).get(name));
  }

  @Override
  public void close() {
    connection.close();
  }

  /** A broker may learn of a topic some time after the controller has created it. */
  private Optional<TopicDescription> describeOnceVisible(TopicSpec spec) {
    long deadline = System.nanoTime() + connection.timeout().toNanos();
    Optional<TopicDescription> found = describe(spec);
    while (found.isEmpty() && System.nanoTime() - deadline < 0) {
      try {
        Thread.sleep(VISIBILITY_POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClusterException("interrupted while waiting for the cluster", e);
      }
      found = describe(spec);
    }
    return found;
  }

  private Optional<TopicDescription> describe(TopicSpec spec) {
    try {
      Map<String, TopicDescription> found =
          connection.await(admin.describeTopics(List.of(spec.name())).allTopicNames());
      return found.values().stream().findFirst();
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    } catch (KafkaException e) {
      throw connection.failure("describe topic " + spec.name(), e);
    }
  }

  /** False when somebody else created it meanwhile. */
  private boolean create(TopicSpec spec) {
    NewTopic topic =
        new NewTopic(
                spec.name(),
                Optional.of(spec.partitions()),
                spec.replicationFactor() == TopicSpec.BROKER_DEFAULT
                    ? Optional.empty()
                    : Optional.of((short) spec.replicationFactor()))
            .configs(spec.configs());
    try {
      connection.await(admin.createTopics(List.of(topic)).all());
      return true;
    } catch (TopicExistsException e) {
      return false;
    } catch (InvalidReplicationFactorException e) {
      throw new ClusterException(
          "cannot create topic %s with replication factor %d: %s; ask for a smaller one"
              .formatted(spec.name(), spec.replicationFactor(), e.getMessage()),
          e);
    } catch (KafkaException e) {
      throw connection.failure("create topic " + spec.name(), e);
    }
  }

  private TopicReport compare(TopicSpec spec, TopicDescription found) {
    List<Difference> differences = new ArrayList<>();
    int partitions = found.partitions().size();
    if (partitions != spec.partitions()) {
      differences.add(difference("partitions", spec.partitions(), partitions));
    }
    int replicas = found.partitions().get(0).replicas().size();
    if (spec.replicationFactor() != TopicSpec.BROKER_DEFAULT
        && replicas != spec.replicationFactor()) {
      differences.add(difference("replication factor", spec.replicationFactor(), replicas));
    }
    Map<String, String> configs = configs(spec.name());
    spec.configs()
        .forEach(
            (name, value) -> {
              String actual = configs.getOrDefault(name, "not known to the cluster");
              if (!value.equals(actual)) {
                differences.add(difference(name, value, actual));
              }
            });
    return differences.isEmpty() ? new Exists(spec.name()) : new Differs(spec.name(), differences);
  }

  private static Difference difference(String setting, Object wanted, Object actual) {
    return new Difference(setting, wanted.toString(), String.valueOf(actual));
  }

  private Map<String, String> configs(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, String> values = new HashMap<>();
    try {
      connection
          .await(admin.describeConfigs(List.of(resource)).all())
          .values()
          .forEach(
              config -> config.entries().forEach(entry -> values.put(entry.name(), entry.value())));
    } catch (KafkaException e) {
      throw connection.failure("read the configs of topic " + topic, e);
    }
    return values;
  }
}
