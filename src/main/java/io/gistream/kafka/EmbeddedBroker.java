package io.gistream.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A Kafka cluster of one node in this process: broker and controller, on 127.0.0.1, without
 * authentication. For demos and tests.
 *
 * <pre>{@code
 * try (var broker = EmbeddedBroker.start()) {
 *   properties.put("bootstrap.servers", broker.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>Its threads keep the JVM alive until {@link #close}. A fault that makes Kafka's own launcher
 * end the process is only logged here; a log directory that can no longer be written still ends it.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private static final int NODE_ID = 1;

  private final int port;
  private final Path directory;

  /** What close must end, the last first. */
  private final Deque<AutoCloseable> parts;

  /**
   * Settings of the broker.
   *
   * @param directory where the data is and stays; null for a temporary one, deleted on close
   * @param port of the client listener; 0 for any that is free
   * @param settings further broker settings, which win over those made here
   */
  public record Options(@Nullable Path directory, int port, Map<String, String> settings) {
    public Options {
      settings = Map.copyOf(settings);
    }
  }

  private EmbeddedBroker(int port, Path directory, Deque<AutoCloseable> parts) {
    this.port = port;
    this.directory = directory;
    this.parts = parts;
  }

  /** Starts a broker on a free port; its data goes with it. */
  public static EmbeddedBroker start() {
    return start(new Options(null, 0, Map.of()));
  }

  /** Starts a broker whose data stays in the directory, where a later one finds it. */
  public static EmbeddedBroker start(Path directory, int port) {
    return start(new Options(directory, port, Map.of()));
  }

  /**
   * Starts a broker and waits until it takes requests.
   *
   * @throws IllegalStateException when it cannot start: the port is taken, the directory is in use
   */
  public static EmbeddedBroker start(Options options) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    ListenerSockets sockets = ListenerSockets.bind(options.port());
    parts.push(sockets);
    try {
      Path directory = options.directory() == null ? temporary(parts) : options.directory();
      parts.push(DirectoryLock.take(Files.createDirectories(directory)));
      KafkaConfig config = new KafkaConfig(settings(options, directory, sockets), false);
      format(directory);
      // what KafkaRaftServer does, less its way to end the process, on sockets of our own
      Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
          KafkaRaftServer.initializeLogDirs(config, LOG, "");
      SharedServer shared = sharedServer(config, stored._1(), sockets);
      BrokerServer broker = new BrokerServer(shared);
      ControllerServer controller =
          new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
      parts.push(controller::shutdown);
      controller.startup();
      parts.push(broker::shutdown);
      broker.startup();
      return new EmbeddedBroker(sockets.clientPort(), directory, parts);
    } catch (Exception e) {
      close(parts);
      throw new IllegalStateException(
          "the embedded broker did not start%s: %s"
              .formatted(
                  options.directory() == null ? "" : " with its data in " + options.directory(),
                  rootCause(e)),
          e);
    }
  }

  /** What clients set as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return ListenerSockets.HOST + ":" + port;
  }

  public int port() {
    return port;
  }

  /** Where its data is. */
  public Path directory() {
    return directory;
  }

  /** Stops the broker and waits until it has; deletes its data if that was temporary. */
  @Override
  public void close() {
    close(parts);
  }

  private static Map<String, String> settings(
      Options options, Path directory, ListenerSockets sockets) {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("listeners", sockets.listeners());
    settings.put(
        "listener.security.protocol.map",
        ListenerSockets.CLIENT + ":PLAINTEXT," + ListenerSockets.CONTROLLER + ":PLAINTEXT");
    settings.put("inter.broker.listener.name", ListenerSockets.CLIENT);
    settings.put("controller.listener.names", ListenerSockets.CONTROLLER);
    settings.put(
        "controller.quorum.voters",
        "%d@%s:%d".formatted(NODE_ID, ListenerSockets.HOST, sockets.controllerPort()));
    settings.put("log.dirs", directory.toString());

    settings.put("auto.create.topics.enable", "false");
    settings.put("num.partitions", "1");
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      settings.put(topic + ".num.partitions", "1");
      settings.put(topic + ".replication.factor", "1");
    }
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");

    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.streams.initial.rebalance.delay.ms", "0");
    // 128 MiB by default, taken at start
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.putAll(options.settings());
    return settings;
  }

  /** Makes the directory a log directory, unless it is one. */
  private static void format(Path directory) throws Exception {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(NODE_ID)
        .addDirectory(directory.toString())
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(ListenerSockets.CONTROLLER)
        .run();
  }

  private static SharedServer sharedServer(
      KafkaConfig config, MetaPropertiesEnsemble stored, ListenerSockets sockets) {
    QuorumConfig quorum = config.quorumConfig();
    return new SharedServer(
        config,
        stored,
        Time.SYSTEM,
        Server.initializeMetrics(config, Time.SYSTEM, stored.clusterId().orElseThrow()),
        CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
        List.of(),
        EmbeddedBroker::faultHandler,
        sockets);
  }

  private static FaultHandler faultHandler(String name, boolean fatal, Runnable action) {
    return (message, cause) -> {
      LOG.error("the embedded broker is faulty: {}: {}", name, message, cause);
      action.run();
      return new IllegalStateException(name + ": " + message, cause);
    };
  }

  private static Path temporary(Deque<AutoCloseable> parts) throws IOException {
    Path directory = Files.createTempDirectory("gistream-broker");
    parts.push(() -> delete(directory));
    return directory;
  }

  /** Closes all, the last first, whatever becomes of one. */
  private static void close(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("The embedded broker did not end in good order: {}", e.getMessage(), e);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The innermost message, which is the one that says what is wrong. */
  private static String rootCause(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
