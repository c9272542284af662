package io.gistream.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** An admin client that is known to have reached a cluster, and how its failures are told. */
final class AdminConnection implements AutoCloseable {
  private final Admin admin;
  private final String servers;
  private final Duration timeout;

  private AdminConnection(Admin admin, String servers, Duration timeout) {
    this.admin = admin;
    this.servers = servers;
    this.timeout = timeout;
  }

  /**
   * Connects to a cluster.
   *
   * @throws ClusterException when no broker answers
   */
  static AdminConnection connect(Map<String, ?> clientConfig, Duration timeout) {
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
    AdminConnection connection = new AdminConnection(admin, servers, timeout);
    try {
      connection.await(admin.describeCluster().clusterId());
      return connection;
    } catch (KafkaException e) {
      connection.close();
      throw connection.failure("describe the cluster", e);
    }
  }

  Admin admin() {
    return admin;
  }

  Duration timeout() {
    return timeout;
  }

  /** The answer to a request; throws what Kafka's client throws, without wrapping. */
  <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for the cluster", e);
    }
  }

  /** As {@link #await}, for requests none of whose failures has a meaning to the caller. */
  <T> T await(KafkaFuture<T> future, String what) {
    try {
      return await(future);
    } catch (KafkaException e) {
      throw failure(what, e);
    }
  }

  /**
   * @param what the cluster was asked to do
   */
  ClusterException failure(String what, KafkaException cause) {
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

  @Override
  public void close() {
    admin.close(timeout);
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
