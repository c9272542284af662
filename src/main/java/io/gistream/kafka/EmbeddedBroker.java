package io.gistream.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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

  private final ControllerServer controller;
  private final BrokerServer broker;
  private final int port;
  private final Path directory;
  private final @Nullable Path temporary;

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

  private EmbeddedBroker(
      ControllerServer controller,
      BrokerServer broker,
      int port,
      Path directory,
      @Nullable Path temporary) {
    this.controller = controller;
    this.broker = broker;
    this.port = port;
    this.directory = directory;
    this.temporary = temporary;
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
    Path directory = options.directory();
    Path temporary = null;
    ControllerServer controller = null;
    BrokerServer broker = null;
    ListenerSockets sockets = ListenerSockets.bind(options.port());
    try {
      if (directory == null) {
        temporary = Files.createTempDirectory("gistream-broker");
        directory = temporary;
      }
      KafkaConfig config = new KafkaConfig(settings(options, directory, sockets), false);
      format(directory);
      Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
          KafkaRaftServer.initializeLogDirs(config, LOG, "");
      SharedServer shared = sharedServer(config, stored._1(), sockets);
      // what KafkaRaftServer does, less its way to end the process, on sockets of our own
      broker = new BrokerServer(shared);
      controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
      controller.startup();
      broker.startup();
      return new EmbeddedBroker(controller, broker, sockets.clientPort(), directory, temporary);
    } catch (Exception e) {
      stop(controller, broker, temporary);
      sockets.close();
      throw new IllegalStateException(
          "the embedded broker did not start with its data in %s: %s"
              .formatted(directory, rootCause(e)),
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
    stop(controller, broker, temporary);
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
    Files.createDirectories(directory);
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

  private static void stop(
      @Nullable ControllerServer controller,
      @Nullable BrokerServer broker,
      @Nullable Path temporary) {
    // both take a second call, or one before their start, well
    if (broker != null) {
      broker.shutdown();
    }
    if (controller != null) {
      controller.shutdown();
    }
    if (temporary != null) {
      delete(temporary);
    }
  }

  private static void delete(Path directory) {
    try {
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
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
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
