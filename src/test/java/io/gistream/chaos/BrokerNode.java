package io.gistream.chaos;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** One node of a cluster, broker and controller, in a process of its own. */
public final class BrokerNode {
  static final String CLUSTER_ID = "Z2lzdHJlYW0tY2hhb3MtMQ";
  static final String READY = "this node takes requests";

  private BrokerNode() {}

  /** The argument is the file with the node's properties. */
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(Path.of(args[0]))) {
      properties.load(in);
    }
    format(properties);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "shutdown"));
    server.startup();
    System.out.println(READY);
    server.awaitShutdown();
  }

  private static void format(Properties properties) throws Exception {
    String directory = properties.getProperty("log.dirs");
    if (Files.exists(Path.of(directory, "meta.properties"))) {
      return;
    }
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
        .setClusterId(CLUSTER_ID)
        .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
        .addDirectory(directory)
        .setMetadataLogDirectory(directory)
        .setControllerListenerName(properties.getProperty("controller.listener.names"))
        .run();
  }
}
