package io.gistream.cli;

import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.draft;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.cli.InProcess.Result;
import io.gistream.config.BatchOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import io.gistream.stream.GistreamStreams;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of a summaries topic: written by the service, verified, replayed with another budget,
 * compared, tampered with.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplayIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MODEL = "src/test/resources/models/tiny";
  private static final AvroCodec<TranscriptChunk> CODEC = AvroCodec.chunk();
  private static final int STREAMS = 6;
  private static final int CHUNKS = 20;

  /** Long enough ago for all records, and not so long that the topic deletes them. */
  private static final long BEGIN = System.currentTimeMillis() - Duration.ofHours(6).toMillis();

  private static EmbeddedBroker broker;
  private static Settings settings;

  @TempDir private static Path directory;

  @BeforeAll
  static void theServiceWrites() throws Exception {
    broker = EmbeddedBroker.start();
    settings =
        Settings.load(
            List.of(
                "bootstrap.servers=" + broker.bootstrapServers(),
                "model.path=" + MODEL,
                "topics.partitions=2",
                "state.dir=" + directory.resolve("state")),
            Map.of(),
            null);
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      produceTalks(producer);
      runService(producer);
    }
  }

  @AfterAll
  static void stopTheBroker() {
    broker.close();
  }

  private static void produceTalks(KafkaProducer<byte[], byte[]> producer) {
    Random random = new Random(11);
    for (int i = 0; i < CHUNKS; i++) {
      for (int s = 0; s < STREAMS; s++) {
        String stream = "s" + s;
        TranscriptChunk chunk = Talks.talk(stream, CHUNKS, s).get(i);
        long time = BEGIN + i * 5_000L + s;
        switch (random.nextInt(8)) {
          case 0 -> send(producer, time, draft(stream, i, "Something like that, I mean."));
          case 1 -> send(producer, time, chunk);
          case 2 -> send(producer, time, stream, new byte[] {1, 2, 3});
          case 3 -> send(producer, time, chunk(stream, i, "x".repeat(70_000)));
          case 4 -> {
            if (i > 0) {
              continue; // lost on the way
            }
          }
          case 5 -> {
            if (i < CHUNKS - 2) {
              send(producer, time, Talks.talk(stream, CHUNKS, s).get(i + 1));
            }
          }
          default -> {}
        }
        send(producer, time, chunk);
      }
    }
    for (int i = 0; i < CHUNKS; i++) {
      long time = BEGIN + 110_000 + i * 1_000L;
      send(producer, time, Talks.talk("corrected", 40, 7).get(i));
      send(producer, time, Talks.talk("erased", 40, 8).get(i));
      if (i % 6 == 5) {
        send(producer, time + 1, chunk("corrected", i - 1, "No, it was said otherwise here."));
      }
      if (i == 12) {
        send(producer, time + 1, "erased", null);
      }
    }
    send(producer, BEGIN + 199_000, "erased", null);
    send(producer, BEGIN + 199_000, Talks.talk("erased", 40, 9).get(0));
    // talks without an end marker, which fall silent
    for (int s = 0; s < STREAMS; s++) {
      send(producer, BEGIN + 200_000, chunk("quiet-" + s, 0, "We ship it on Friday, they said."));
      send(producer, BEGIN + 201_000, chunk("quiet-" + s, 1, "The budget is twelve euros."));
    }
  }

  /** Time goes on, so that the quiet talks are over; some begin anew. */
  private static void produceWhatComesLater(KafkaProducer<byte[], byte[]> producer) {
    long later = BEGIN + Duration.ofHours(2).toMillis();
    for (int s = 0; s < STREAMS; s++) {
      send(producer, later, chunk("later-" + s, 0, "Good morning, how are you all today?"));
      if (s % 2 == 0) {
        send(producer, later + 1, chunk("quiet-" + s, 0, "Another meeting begins with this."));
      }
    }
  }

  /**
   * Until all is summarised, and the talks that fell silent are closed. Silence is counted from
   * when a chunk is settled, so what tells of it comes after that.
   */
  private static void runService(KafkaProducer<byte[], byte[]> producer) throws Exception {
    try (SummaryModel model = Models.load(settings);
        ConsumerGroups groups = Cluster.groups(settings);
        CommittedRecords records = Cluster.records(settings);
        GistreamStreams streams =
            new GistreamStreams(
                Cluster.streamOptions(settings),
                SummaryOptions.from(settings),
                BatchOptions.from(settings),
                model)) {
      streams.start(() -> {});
      assertThat(streams.awaitRunning(Duration.ofMinutes(1))).isTrue();
      producer.flush();
      awaitSettled(streams, groups, records);
      produceWhatComesLater(producer);
      producer.flush();
      awaitSettled(streams, groups, records);
      await(() -> finals().size() >= STREAMS);
    }
  }

  private static void awaitSettled(
      GistreamStreams streams, ConsumerGroups groups, CommittedRecords records) throws Exception {
    Map<TopicPartition, Long> ends = records.ends(records.partitions("gistream.chunks"));
    await(() -> groups.committed("gistream").equals(ends) && !streams.isBehind());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("three minutes have passed").isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> finals() {
    return summaries("gistream.summaries").stream()
        .filter(it -> new String(it.key(), UTF_8).startsWith("quiet"))
        .filter(it -> AvroCodec.summary().decode(it.value()).getFinal$())
        .toList();
  }

  private static List<ConsumerRecord<byte[], byte[]>> summaries(String topic) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (CommittedRecords records = Cluster.records(settings)) {
      List<TopicPartition> partitions = records.partitions(topic);
      records.ends(partitions).forEach((it, end) -> records.read(it, 0, end, found::add));
    }
    return found;
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, long time, TranscriptChunk chunk) {
    send(producer, time, chunk.getStreamId(), CODEC.encode(chunk));
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, long time, String key, byte @Nullable [] value) {
    producer.send(new ProducerRecord<>("gistream.chunks", null, time, key.getBytes(UTF_8), value));
  }

  private static Result replay(String... arguments) {
    List<String> all = new ArrayList<>(List.of("replay"));
    all.addAll(List.of(arguments));
    all.addAll(
        List.of(
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "--model",
            MODEL,
            "--set",
            "state.dir=" + directory.resolve("state")));
    return InProcess.run(all.toArray(String[]::new));
  }

  @Test
  @Order(1)
  void whatTheServiceWroteIsWhatTheReferenceSays() throws Exception {
    Result result = replay("--verify", "--format", "json");

    assertThat(result.err()).isEmpty();
    JsonNode report = JSON.readTree(result.out()).get("verification");
    assertThat(report.get("first")).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(report.get("differences").asLong()).isZero();
    assertThat(report.get("pending").asLong()).isZero();
    assertThat(report.get("compared").asLong()).isEqualTo(summaries("gistream.summaries").size());
    assertThat(report.get("streams").asInt()).isEqualTo(3 * STREAMS + 2);
    assertThat(replay("--verify").out()).contains("equal, byte for byte");
  }

  @Test
  @Order(2)
  void anotherConfigurationDoesNotPass() {
    Result result = replay("--verify", "--set", "summary.budget-words=20");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("differs").contains("field     text");
  }

  @Test
  @Order(3)
  void aReplayIsWhatTheServiceWouldWriteAndADiffShowsWhatABudgetDoes() throws Exception {
    Result result =
        replay(
            "--to",
            "shorter",
            "--set",
            "summary.budget-words=20",
            "--verify",
            "--diff",
            "gistream.summaries",
            "--format",
            "json");

    assertThat(result.err()).isEmpty();
    JsonNode found = JSON.readTree(result.out());
    assertThat(result.exitCode()).isZero();
    assertThat(found.get("replay").get("records").asLong()).isGreaterThan(100);
    assertThat(found.get("replay").get("summaries").asLong())
        .isEqualTo(summaries("shorter").size());
    assertThat(found.get("replay").get("deadLetters").asLong())
        .isEqualTo(summaries("gistream.dead-letters").size());
    assertThat(found.get("verification").get("differences").asLong()).isZero();
    JsonNode diff = found.get("diff");
    assertThat(diff.get("leftTopic").asText()).isEqualTo("gistream.summaries");
    assertThat(diff.get("streams")).isNotEmpty();
    for (JsonNode stream : diff.get("streams")) {
      assertThat(stream.get("right").get("words").asInt()).isLessThanOrEqualTo(20);
      assertThat(stream.get("left").get("words").asInt()).isGreaterThan(20);
      assertThat(stream.get("rouge1").asDouble()).isLessThan(1);
    }
    assertThat(diff.get("onlyLeft")).isEmpty();
    assertThat(diff.get("onlyRight")).isEmpty();
    String application = found.get("replay").get("applicationId").asText();
    assertThat(application).startsWith("gistream-replay-");
    try (CommittedRecords records = Cluster.records(settings);
        ConsumerGroups groups = Cluster.groups(settings)) {
      assertThat(groups.committed(application)).isEmpty();
      assertThat(records.partitions(application + "-sessions-changelog")).isEmpty();
    }
    assertThat(directory.resolve("state").resolve(application)).doesNotExist();
    assertThat(replay("--diff", "shorter").out()).contains("ROUGE-1").contains("  - ");
    Result again = replay("--to", "shorter");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("shorter holds records");
  }

  @Test
  @Order(4)
  void aReplayFromATimeTellsTheTalksThatBeganThen() throws Exception {
    Instant between = Instant.ofEpochMilli(BEGIN + Duration.ofMinutes(90).toMillis());

    JsonNode found = replayed("since", "time:" + between);

    assertThat(found.get("records").asLong()).isEqualTo(STREAMS + STREAMS / 2);
    assertThat(talks("since"))
        .containsExactlyInAnyOrder(
            "later-0", "later-1", "later-2", "later-3", "later-4", "later-5", //
            "quiet-0", "quiet-2", "quiet-4");
    for (int s = 0; s < STREAMS; s++) {
      assertThat(values("since", "later-" + s))
          .as("the replay has heard all of it")
          .isNotEmpty()
          .isEqualTo(values("gistream.summaries", "later-" + s));
    }
    JsonNode zone = replayed("zone", "time:" + between.atOffset(ZoneOffset.ofHours(5)).withNano(0));
    assertThat(zone.get("records").asLong()).isEqualTo(STREAMS + STREAMS / 2);
    assertThat(replayed("never", "time:2999-01-01T00:00:00Z").get("records").asLong()).isZero();
    assertThat(summaries("never")).isEmpty();
  }

  @Test
  @Order(5)
  void aReplayFromAnOffsetReadsEveryPartitionFromThere() throws Exception {
    long from = 40;
    Map<TopicPartition, Long> ends;
    try (CommittedRecords records = Cluster.records(settings)) {
      ends = records.ends(records.partitions("gistream.chunks"));
    }
    long after = ends.values().stream().mapToLong(end -> Math.max(0, end - from)).sum();
    long all = ends.values().stream().mapToLong(end -> end).sum();

    JsonNode some = replayed("some", "offset:" + from);

    assertThat(after).isPositive().isLessThan(all);
    assertThat(some.get("records").asLong()).isEqualTo(after);
    assertThat(values("some", "later-1")).isEqualTo(values("gistream.summaries", "later-1"));
    assertThat(replayed("none", "offset:999999").get("records").asLong()).isZero();
  }

  /** What the command says of a replay into a new topic. */
  private static JsonNode replayed(String to, String from) throws Exception {
    Result result = replay("--to", to, "--from", from, "--format", "json");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    JsonNode found = JSON.readTree(result.out()).get("replay");
    assertThat(found.get("summaries").asLong()).isEqualTo(summaries(to).size());
    return found;
  }

  private static Set<String> talks(String topic) {
    return summaries(topic).stream().map(it -> new String(it.key(), UTF_8)).collect(toSet());
  }

  private static List<ByteBuffer> values(String topic, String stream) {
    return summaries(topic).stream()
        .filter(it -> new String(it.key(), UTF_8).equals(stream))
        .map(it -> ByteBuffer.wrap(it.value()))
        .toList();
  }

  @Test
  @Order(6)
  void aRecordThatWasTamperedWithIsFound() throws Exception {
    ConsumerRecord<byte[], byte[]> victim =
        summaries("gistream.summaries").stream()
            .filter(it -> new String(it.key(), UTF_8).equals("s3"))
            .reduce((first, second) -> second)
            .orElseThrow();
    RollingSummary summary = AvroCodec.summary().decode(victim.value());
    SummarySentence sentence = summary.getSentences().get(1);
    sentence.put(sentence.getSchema().getField("text").pos(), "Nobody ever said this.");
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(
          new ProducerRecord<>(
              victim.topic(),
              victim.partition(),
              victim.timestamp(),
              victim.key(),
              AvroCodec.summary().encode(summary),
              victim.headers()));
    }

    Result result = replay("--verify", "--format", "json");

    assertThat(result.exitCode()).isEqualTo(1);
    JsonNode report = JSON.readTree(result.out()).get("verification");
    assertThat(report.get("differences").asLong()).isEqualTo(1);
    JsonNode first = report.get("first").get(0);
    assertThat(first.get("streamId").asText()).isEqualTo("s3");
    assertThat(first.get("partition").asInt()).isEqualTo(victim.partition());
    assertThat(first.get("offset").asLong()).isGreaterThan(victim.offset());
    assertThat(first.get("path").asText()).isEqualTo("sentences[1].text");
    assertThat(first.get("actual").asText()).isEqualTo("Nobody ever said this.");
  }

  @Test
  @Order(7)
  void aChunkThatTheServiceHasNotReadIsPending() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      send(producer, BEGIN + Duration.ofHours(3).toMillis(), chunk("new", 0, "It starts now, ok."));
    }

    Result result = replay("--verify", "--format", "json");

    JsonNode report = JSON.readTree(result.out()).get("verification");
    assertThat(report.get("pending").asLong()).isEqualTo(1);
    assertThat(report.get("differences").asLong()).as("the one that was made").isEqualTo(1);
  }

  @Test
  @Order(8)
  void wrongUsageIsToldBeforeAnythingIsDone() {
    assertThat(replay()).satisfies(usage("nothing to do"));
    assertThat(replay("--from", "offset:3")).satisfies(usage("nothing to do"));
    assertThat(replay("--verify", "--from", "offset:3")).satisfies(usage("--from goes with --to"));
    assertThat(replay("--to", "x", "--from", "yesterday")).satisfies(usage("time:2026"));
    assertThat(replay("--to", "x", "--verify", "--from", "offset:3"))
        .satisfies(usage("goes from the beginning"));
    assertThat(replay("--to", "x", "--diff", "x")).satisfies(usage("both are x"));
    assertThat(replay("--verify", "--keep-state")).satisfies(usage("--keep-state goes with --to"));
    assertThat(replay("--to", "x", "--summaries", "y")).satisfies(usage("--summaries"));
    assertThat(replay("--to", "x", "--application-id", "gistream").err())
        .contains("the service's own");
    assertThat(replay("--to", "gistream.summaries").err()).contains("give another topic");
    assertThat(replay("--verify", "--summaries", "nowhere").err()).contains("does not exist");
  }

  private static java.util.function.Consumer<Result> usage(String message) {
    return result -> {
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err()).contains(message);
    };
  }
}
