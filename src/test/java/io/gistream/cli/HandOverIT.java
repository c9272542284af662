package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.ClusterException;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two instances share the work and one of them goes, under both protocols of consumer groups.
 * Sessions time out after longer than the tests may take, so nothing here waits for that.
 */
@Timeout(240)
class HandOverIT {
  private static final int STREAMS = 8;
  private static final int CHUNKS = 12;
  private static final String NEVER = Integer.toString(20 * 60_000);
  private static EmbeddedBroker broker;

  @TempDir private static Path directory;

  @BeforeAll
  static void startTheBroker() {
    broker =
        EmbeddedBroker.start(
            new EmbeddedBroker.Options(
                null,
                0,
                Map.of(
                    "group.streams.session.timeout.ms", NEVER,
                    "group.streams.max.session.timeout.ms", NEVER)));
  }

  @AfterAll
  static void stopTheBroker() {
    broker.close();
  }

  private static Settings settings(String name, String protocol, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "application.id=" + name,
                "bootstrap.servers=" + broker.bootstrapServers(),
                "topics.chunks=" + name + "-chunks",
                "topics.summaries=" + name + "-summaries",
                "topics.dead-letters=" + name + "-dead-letters",
                "topics.partitions=4",
                "model.path=src/test/resources/models/tiny",
                "http.port=0",
                "kafka.group.protocol=" + protocol));
    if (protocol.equals("classic")) {
      all.add("kafka.session.timeout.ms=" + NEVER);
    }
    all.addAll(List.of(more));
    return Settings.load(all, Map.of(), null);
  }

  private static RunningService start(Settings settings, String instance) throws Exception {
    Settings own =
        settings.with(
            GistreamOptions.STATE_DIR,
            directory
                .resolve(settings.get(GistreamOptions.APPLICATION_ID) + "-" + instance)
                .toString(),
            "test");
    RunningService service = RunningService.start(own, () -> {});
    assertThat(service.streams().awaitRunning(Duration.ofMinutes(2))).isTrue();
    return service;
  }

  private static void createTopics(Settings settings) {
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void anInstanceThatStopsHandsItsPartitionsOver(String protocol) throws Exception {
    Settings settings = settings(protocol, protocol, "stream.standby-replicas=1");
    createTopics(settings);
    try (RunningService first = start(settings, "first")) {
      say(settings, 0, CHUNKS / 3);
      awaitSummaries(settings, STREAMS * CHUNKS / 3);
      try (RunningService second = start(settings, "second")) {
        await(() -> hasTasks(first) && hasTasks(second));
        say(settings, CHUNKS / 3, 2 * CHUNKS / 3);
        awaitSummaries(settings, STREAMS * 2 * CHUNKS / 3);
        first.close();
        say(settings, 2 * CHUNKS / 3, CHUNKS);
        awaitSummaries(settings, STREAMS * CHUNKS);
        try (ConsumerGroups groups = Cluster.groups(settings)) {
          assertThat(groups.members(protocol)).isEqualTo(1);
          await(() -> groups.committed(protocol).equals(ends(settings)));
        }
        assertThat(second.streams().pollHeadroom()).isBetween(0.0, 1.0);
      }
    }
    if (protocol.equals("streams")) {
      assertThat(groupConfig(protocol, "streams.num.standby.replicas")).isEqualTo("1");
    }
    InProcess.Result verified =
        InProcess.run(
            "replay",
            "--verify",
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "--application-id",
            protocol,
            "--input-topic",
            protocol + "-chunks",
            "--output-topic",
            protocol + "-summaries",
            "--model",
            "src/test/resources/models/tiny");
    assertThat(verified.out()).contains("equal, byte for byte");
    assertThat(verified.exitCode()).isZero();
  }

  @Test
  void aReplayUnderTheStreamsProtocolIsRefusedOnlyWhileItsApplicationRuns() throws Exception {
    Settings settings = settings("replayed", "streams");
    createTopics(settings);
    say(settings, 0, CHUNKS);
    try (RunningService service = start(settings, "only")) {
      awaitSummaries(settings, STREAMS * CHUNKS);
      assertThat(replay("elsewhere", "replayed").err()).contains("the service's own");
      Settings other =
          settings
              .with(GistreamOptions.APPLICATION_ID, "other", "test")
              .with(GistreamOptions.TOPICS_SUMMARIES, "other-summaries", "test");
      createTopics(other);
      try (RunningService running = start(other, "only")) {
        assertThat(replay("elsewhere", "other").err()).contains("is running, with 1 members");
      }
      InProcess.Result replayed = replay("elsewhere", "another", "--verify");
      assertThat(replayed.err()).isEmpty();
      assertThat(replayed.out()).contains("equal, byte for byte");
      assertThat(service.streams().anyThreadDead()).isFalse();
    }
  }

  private static InProcess.Result replay(String to, String application, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "replay",
                "--to",
                to,
                "--application-id",
                application,
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--set",
                "application.id=replayed",
                "--input-topic",
                "replayed-chunks",
                "--model",
                "src/test/resources/models/tiny",
                "--set",
                "state.dir=" + directory.resolve("replay"),
                "--kafka-config",
                "group.protocol=streams"));
    all.addAll(List.of(more));
    return InProcess.run(all.toArray(String[]::new));
  }

  @Test
  void aMemberWithANameStaysOneWhenItStops() throws Exception {
    Settings settings = settings("named", "classic", "kafka.group.instance.id=one");
    createTopics(settings);
    try (ConsumerGroups groups = Cluster.groups(settings)) {
      try (RunningService service = start(settings, "only")) {
        say(settings, 0, 1);
        awaitSummaries(settings, STREAMS);
      }
      assertThat(groups.members("named")).isEqualTo(1);
      try (RunningService again = start(settings, "only")) {
        say(settings, 1, 2);
        awaitSummaries(settings, STREAMS * 2);
        assertThat(again.streams().leave()).isTrue();
      }
      assertThat(groups.members("named")).isZero();
    }
  }

  @Test
  void whatTheProtocolDoesNotAllowIsToldAtTheStart() {
    Settings named = settings("refused", "streams", "kafka.group.instance.id=one");
    createTopics(named);
    assertThatThrownBy(() -> start(named, "only"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("static membership");
    assertThatThrownBy(
            () -> start(settings("refused", "streams", "stream.standby-replicas=9"), "only"))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("9 standbys");
  }

  private static boolean hasTasks(RunningService service) {
    return service.streams().kafkaStreams().metadataForLocalThreads().stream()
        .anyMatch(thread -> !thread.activeTasks().isEmpty());
  }

  private static void say(Settings settings, int from, int to) {
    long begin = System.currentTimeMillis() - 600_000;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = from; i < to; i++) {
        for (int s = 0; s < STREAMS; s++) {
          TranscriptChunk chunk = Talks.talk("stream-" + s, CHUNKS, s).get(i);
          producer.send(
              new ProducerRecord<>(
                  settings.get(GistreamOptions.TOPICS_CHUNKS),
                  null,
                  begin + i * 1000L,
                  chunk.getStreamId().getBytes(UTF_8),
                  AvroCodec.chunk().encode(chunk)));
        }
      }
    }
  }

  private static void awaitSummaries(Settings settings, int count) throws InterruptedException {
    try (CommittedRecords records = Cluster.records(settings)) {
      String topic = settings.get(GistreamOptions.TOPICS_SUMMARIES);
      await(
          () -> {
            List<Long> offsets = new ArrayList<>();
            records
                .ends(records.partitions(topic))
                .forEach(
                    (partition, end) ->
                        records.read(partition, 0, end, record -> offsets.add(record.offset())));
            assertThat(offsets).hasSizeLessThanOrEqualTo(count);
            return offsets.size() == count;
          });
    }
  }

  private static Map<?, Long> ends(Settings settings) {
    try (CommittedRecords records = Cluster.records(settings)) {
      return records.ends(records.partitions(settings.get(GistreamOptions.TOPICS_CHUNKS)));
    }
  }

  private static String groupConfig(String group, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(200); // each test has a timeout
    }
  }
}
