package io.gistream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.kafka.EmbeddedBroker.Options;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
  private static final String TOPIC = "topic";

  @TempDir Path directory;

  @Test
  void committedTransactionsAreReadAndAbortedOnesAreNot() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      createTopic(broker.bootstrapServers());
      try (KafkaProducer<String, String> producer = producer(broker.bootstrapServers(), "tx")) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, "aborted"));
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, "committed"));
        producer.commitTransaction();
      }
      assertThat(read(broker.bootstrapServers(), 1)).containsExactly("committed");
    }
  }

  @Test
  void aTemporaryDirectoryIsGoneAfterClose() {
    Path data;
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      data = broker.directory();
      assertThat(data).isDirectory();
    }
    assertThat(data).doesNotExist();
  }

  @Test
  void dataInADirectoryThatWasGivenIsThereAgainAfterARestart() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      createTopic(broker.bootstrapServers());
      write(broker.bootstrapServers(), "kept");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      assertThat(read(broker.bootstrapServers(), 1)).containsExactly("kept");
    }
  }

  @Test
  void aProcessThatIsKilledLosesNothingAndAnotherTakesOverItsPort() throws Exception {
    int port;
    try (BrokerProcess killed = BrokerProcess.start(directory, 0)) {
      port = killed.port();
      createTopic(killed.bootstrapServers());
      write(killed.bootstrapServers(), "kept");
      killed.kill();
    }
    try (BrokerProcess next = BrokerProcess.start(directory, port)) {
      assertThat(next.port()).isEqualTo(port);
      assertThat(read(next.bootstrapServers(), 1)).containsExactly("kept");
    }
  }

  @Test
  void twoBrokersLiveInOneProcess() throws Exception {
    try (EmbeddedBroker one = EmbeddedBroker.start();
        EmbeddedBroker two = EmbeddedBroker.start()) {
      createTopic(one.bootstrapServers());
      createTopic(two.bootstrapServers());
      write(one.bootstrapServers(), "of one");
      write(two.bootstrapServers(), "of two");
      assertThat(read(one.bootstrapServers(), 1)).containsExactly("of one");
      assertThat(read(two.bootstrapServers(), 1)).containsExactly("of two");
    }
  }

  @Test
  void aDirectoryInUseIsRefusedBeforeAnythingIsWrittenThere() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("another broker is using the directory");
      assertThatThrownBy(() -> BrokerProcess.start(directory, 0)).isInstanceOf(IOException.class);
      createTopic(broker.bootstrapServers());
      write(broker.bootstrapServers(), "still works");
      assertThat(read(broker.bootstrapServers(), 1)).containsExactly("still works");
    }
  }

  @Test
  void aStartThatFailsLeavesNothingBehind() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    // found out late, when the controller runs already
    Map<String, String> settings =
        Map.of(
            "remote.log.storage.system.enable", "true",
            "remote.log.storage.manager.class.name", "java.lang.String");
    assertThatThrownBy(() -> EmbeddedBroker.start(new Options(directory, 0, settings)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("RemoteStorageManager");
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !thread.isDaemon() && !before.contains(thread))
        .isEmpty();
    EmbeddedBroker.start(directory, 0).close();
  }

  @Test
  void aPortInUseIsRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no broker can listen on 127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aSettingThatKafkaRefusesIsNamed() {
    Map<String, String> settings = Map.of("num.io.threads", "none");
    assertThatThrownBy(() -> EmbeddedBroker.start(new Options(null, 0, settings)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("num.io.threads");
  }

  private static void createTopic(String servers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
  }

  private static void write(String servers, String value) {
    try (KafkaProducer<String, String> producer = producer(servers, null)) {
      producer.send(new ProducerRecord<>(TOPIC, value));
    }
  }

  private static KafkaProducer<String, String> producer(
      String servers, @Nullable String transactionalId) {
    Properties config = new Properties();
    config.put("bootstrap.servers", servers);
    if (transactionalId != null) {
      config.put("transactional.id", transactionalId);
    }
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  /** Reads as a member of a group, so that the broker's group coordinator takes part. */
  private static List<String> read(String servers, int count) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", servers);
    config.put("group.id", "readers");
    config.put("auto.offset.reset", "earliest");
    config.put("isolation.level", "read_committed");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      for (int polls = 0; values.size() < count && polls < 120; polls++) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }
}
