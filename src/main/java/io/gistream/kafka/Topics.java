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
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates topics that are missing and reports on those that exist. A topic that exists is never
 * changed: its partitions decide where the state of a talk lives, its retention what is lost.
 */
public final class Topics implements AutoCloseable {
  private static final long VISIBILITY_POLL_MS = 50;

  private final Admin admin;
  private final String servers;
  private final Duration timeout;

  private Topics(Admin admin, String servers, Duration timeout) {
    this.admin = admin;
    this.servers = servers;
    this.timeout = timeout;
  }

  /**
   * Connects to a cluster.
   *
   * @param clientConfig Kafka client configuration, {@code bootstrap.servers} among it
   * @param timeout how long to wait for a broker, and then for each answer
   * @throws ClusterException when no broker answers
   */
  public static Topics connect(Map<String, ?> clientConfig, Duration timeout) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(timeout));
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(timeout));
    String servers = bootstrapServers(config);
    BootstrapProbe.await(
        List.of(servers.split(",", -1)).stream().map(String::strip).toList(), timeout);
    Admin admin;
    try {
      admin = Admin.create(config);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ClusterException("the Kafka client cannot start: " + cause.getMessage(), e);
    }
    Topics topics = new Topics(admin, servers, timeout);
    try {
      await(admin.describeCluster().clusterId());
      return topics;
    } catch (KafkaException e) {
      topics.close();
      throw topics.failure("describe the cluster", e);
    }
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
    admin.close(timeout);
  }

  /** A broker may learn of a topic some time after the controller has created it. */
  private Optional<TopicDescription> describeOnceVisible(TopicSpec spec) {
    long deadline = System.nanoTime() + timeout.toNanos();
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
          await(admin.describeTopics(List.of(spec.name())).allTopicNames());
      return found.values().stream().findFirst();
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    } catch (KafkaException e) {
      throw failure("describe topic " + spec.name(), e);
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
      await(admin.createTopics(List.of(topic)).all());
      return true;
    } catch (TopicExistsException e) {
      return false;
    } catch (InvalidReplicationFactorException e) {
      throw new ClusterException(
          "cannot create topic %s with replication factor %d: %s; ask for a smaller one"
              .formatted(spec.name(), spec.replicationFactor(), e.getMessage()),
          e);
    } catch (KafkaException e) {
      throw failure("create topic " + spec.name(), e);
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
      await(admin.describeConfigs(List.of(resource)).all())
          .values()
          .forEach(
              config -> config.entries().forEach(entry -> values.put(entry.name(), entry.value())));
    } catch (KafkaException e) {
      throw failure("read the configs of topic " + topic, e);
    }
    return values;
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for the cluster", e);
    }
  }

  private ClusterException failure(String what, KafkaException cause) {
    if (cause instanceof TimeoutException) {
      return new ClusterException(
          "%s did not answer within %s when asked to %s; is security.protocol right?"
              .formatted(servers, BootstrapProbe.seconds(timeout), what),
          cause);
    }
    String hint =
        cause instanceof AuthenticationException
            ? "; are the credentials and security.protocol right?"
            : cause instanceof AuthorizationException ? "; the user lacks the permission" : "";
    return new ClusterException(
        "%s refused to %s: %s%s".formatted(servers, what, cause.getMessage(), hint), cause);
  }

  private static String bootstrapServers(Map<String, Object> config) {
    Object servers = config.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    if (servers instanceof List<?> list) {
      return String.join(",", list.stream().map(Object::toString).toList());
    }
    return servers == null ? "" : servers.toString();
  }

  private static int millis(Duration timeout) {
    return (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
  }
}
