package io.gistream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.kafka.TopicReport.Created;
import io.gistream.kafka.TopicReport.Difference;
import io.gistream.kafka.TopicReport.Differs;
import io.gistream.kafka.TopicReport.Exists;
import io.gistream.kafka.TopicReport.Missing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static EmbeddedBroker broker;
  private static Topics topics;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
    topics = Topics.connect(Map.of("bootstrap.servers", broker.bootstrapServers()), TIMEOUT);
  }

  @AfterAll
  static void stop() {
    topics.close();
    broker.close();
  }

  @Test
  void whatIsMissingIsCreatedAsWantedAndThenExists() {
    List<TopicSpec> wanted = layout("new", 3, 1).topics();
    assertThat(topics.check(wanted))
        .containsExactly(
            new Missing("new.chunks"), new Missing("new.summaries"), new Missing("new.dead"));
    assertThat(topics.create(wanted))
        .containsExactly(
            new Created("new.chunks"), new Created("new.summaries"), new Created("new.dead"));
    // compared setting by setting, so this says that all of them were set
    assertThat(topics.create(wanted))
        .containsExactly(
            new Exists("new.chunks"), new Exists("new.summaries"), new Exists("new.dead"));
  }

  @Test
  void theSummariesTopicIsCompactedAndTheOthersAreNot() {
    assertThat(layout("x", 1, 1).topics())
        .extracting(spec -> spec.configs().get("cleanup.policy"))
        .containsExactly("delete", "compact", "delete");
  }

  @Test
  void aTopicThatDiffersIsReportedWithBothValuesAndLeftAlone() throws Exception {
    String name = "old.summaries";
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(new NewTopic(name, 2, (short) 1).configs(Map.of("retention.ms", "1000"))))
          .all()
          .get();
    }
    TopicReport expected =
        new Differs(
            name,
            List.of(
                new Difference("partitions", "4", "2"),
                new Difference("cleanup.policy", "compact", "delete"),
                new Difference("max.message.bytes", "2000000", "1048588")));
    List<TopicSpec> wanted = List.of(layout("old", 4, 1).topics().get(1));

    assertThat(topics.create(wanted)).containsExactly(expected);
    assertThat(topics.check(wanted)).containsExactly(expected);
    assertThat(expected)
        .hasToString(
            "old.summaries: differs: partitions is 2, wanted 4; cleanup.policy is delete, wanted"
                + " compact; max.message.bytes is 1048588, wanted 2000000");
  }

  @Test
  void theClustersReplicationFactorIsTakenWhenNoneIsWanted() {
    List<TopicSpec> wanted = layout("default", 1, TopicSpec.BROKER_DEFAULT).topics();
    assertThat(topics.create(wanted)).allMatch(Created.class::isInstance);
    assertThat(topics.check(wanted)).allMatch(Exists.class::isInstance);
  }

  @Test
  void moreReplicasThanBrokersAreRefused() {
    assertThatThrownBy(() -> topics.create(layout("many", 1, 3).topics()))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("many.chunks with replication factor 3")
        .hasMessageContaining("only 1 broker(s)")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aNameThatKafkaRefusesIsReported() {
    assertThatThrownBy(() -> topics.create(List.of(new TopicSpec("a b", 1, 1, Map.of()))))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("a b");
  }

  @Test
  void aBrokerThatIsNotThereIsReportedInOneLine() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      free = socket.getLocalPort();
    }
    assertThatThrownBy(() -> connect("127.0.0.1:" + free, 500))
        .isInstanceOf(ClusterException.class)
        .hasMessage("no broker at 127.0.0.1:%d within 0.5 s: Connection refused".formatted(free));
  }

  @Test
  void somethingThatIsNoBrokerIsReportedInOneLine() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> connect("127.0.0.1:" + silent.getLocalPort(), 1000))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("127.0.0.1:" + silent.getLocalPort())
          .hasMessageContaining("within 1 s")
          .hasMessageContaining("security.protocol")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aServerThatIsNoServerIsReported() {
    for (String servers : List.of("", "localhost", "localhost:", "localhost:99999", "a:1,,b:2")) {
      assertThatThrownBy(() -> connect(servers, 100))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("host:port");
    }
  }

  private static void connect(String servers, int millis) {
    Topics.connect(Map.of("bootstrap.servers", servers), Duration.ofMillis(millis)).close();
  }

  private static TopicLayout layout(String prefix, int partitions, int replicationFactor) {
    return new TopicLayout(
        prefix + ".chunks",
        prefix + ".summaries",
        prefix + ".dead",
        partitions,
        replicationFactor,
        Duration.ofDays(7),
        2_000_000);
  }
}
