package io.gistream.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;

/** Three Kafka nodes on 127.0.0.1, of which one at a time may be in trouble. */
final class BrokerFleet {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Path directory;
  private final Path logs;
  private final List<Integer> clientPorts;
  private final List<Integer> controllerPorts;
  private final List<Child> nodes = new ArrayList<>();

  BrokerFleet(Path directory, Path logs) throws IOException {
    this.directory = directory;
    this.logs = logs;
    List<Integer> ports = freePorts(2 * ChaosOptions.BROKERS);
    clientPorts = ports.subList(0, ChaosOptions.BROKERS);
    controllerPorts = ports.subList(ChaosOptions.BROKERS, ports.size());
  }

  void start() throws Exception {
    for (int node = 0; node < ChaosOptions.BROKERS; node++) {
      writeProperties(node);
      nodes.add(launch(node));
    }
    for (Child node : nodes) {
      Wait.until("the brokers are up", PATIENCE, () -> node.hasSaid(BrokerNode.READY));
    }
  }

  String bootstrapServers() {
    return clientPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  Child node(int node) {
    return nodes.get(node);
  }

  /** Starts a node that has ended. */
  void restart(int node) throws IOException {
    nodes.set(node, launch(node));
  }

  /** Waits until every partition has a leader and all its replicas are in sync. */
  void awaitWhole(Admin admin) throws Exception {
    Wait.until(
        "every replica is in sync again",
        PATIENCE,
        () -> {
          if (admin.describeCluster().nodes().get().size() < ChaosOptions.BROKERS) {
            return false;
          }
          var topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
          return admin.describeTopics(topics).allTopicNames().get().values().stream()
              .flatMap(topic -> topic.partitions().stream())
              .allMatch(
                  partition ->
                      partition.leader() != null
                          && !partition.leader().isEmpty()
                          && partition.isr().size() == partition.replicas().size());
        });
  }

  void stop() throws InterruptedException {
    for (Child node : nodes) {
      node.kill();
    }
  }

  private Child launch(int node) throws IOException {
    return Child.start(
        logs.resolve("broker-" + node + ".log"),
        384,
        BrokerNode.class,
        List.of(properties(node).toString()));
  }

  private Path properties(int node) {
    return directory.resolve("broker-" + node + ".properties");
  }

  private void writeProperties(int node) throws IOException {
    Map<String, String> settings = new TreeMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(node));
    settings.put(
        "listeners",
        "CLIENT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
            .formatted(clientPorts.get(node), controllerPorts.get(node)));
    settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "CLIENT");
    settings.put("controller.listener.names", "CONTROLLER");
    List<String> voters = new ArrayList<>();
    for (int i = 0; i < ChaosOptions.BROKERS; i++) {
      voters.add("%d@127.0.0.1:%d".formatted(i, controllerPorts.get(i)));
    }
    settings.put("controller.quorum.voters", String.join(",", voters));
    settings.put("log.dirs", directory.resolve("broker-" + node).toString());

    settings.put("auto.create.topics.enable", "false");
    settings.put("default.replication.factor", "3");
    settings.put("min.insync.replicas", "2");
    settings.put("unclean.leader.election.enable", "false");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("offsets.topic.replication.factor", "3");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "3");
    settings.put("transaction.state.log.min.isr", "2");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "3");

    // what takes a minute by default is found out in seconds
    settings.put("broker.session.timeout.ms", "5000");
    settings.put("broker.heartbeat.interval.ms", "1000");
    settings.put("replica.lag.time.max.ms", "6000");
    settings.put("group.min.session.timeout.ms", "3000");
    settings.put("group.initial.rebalance.delay.ms", "500");
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");

    // small, for two cores
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
    settings.put("log.index.size.max.bytes", Integer.toString(1 << 20));
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("num.replica.fetchers", "1");
    settings.put("num.recovery.threads.per.data.dir", "2");
    settings.put("background.threads", "2");

    Properties properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newBufferedWriter(properties(node))) {
      properties.store(out, null);
    }
  }

  /**
   * Below the ports that the system gives out by itself, or the connection of some client could
   * take the port of a node that is down.
   */
  private static List<Integer> freePorts(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000);
    while (ports.size() < count) {
      port++;
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        ports.add(socket.getLocalPort());
      } catch (IOException e) {
        if (port > 32_000) {
          throw e;
        }
      }
    }
    return ports;
  }
}
