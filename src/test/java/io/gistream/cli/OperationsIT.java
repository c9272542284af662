package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.avro.TranscriptChunk;
import io.gistream.cli.InProcess.Result;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to a service that runs: erases streams, sees to dead letters. */
@Timeout(300)
class OperationsIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SUMMARIES = "gistream.summaries";

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static Settings settings;
  private static RunningService service;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    settings =
        Settings.defaults()
            .with(GistreamOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers(), "test")
            .with(GistreamOptions.TOPICS_PARTITIONS, "2", "test")
            .with(GistreamOptions.STATE_DIR, directory.resolve("state").toString(), "test")
            .with(GistreamOptions.HTTP_PORT, "0", "test")
            .with(GistreamOptions.MODEL_PATH, "src/test/resources/models/tiny", "test");
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
    service = RunningService.start(settings, () -> {});
    assertThat(service.streams().awaitRunning(Duration.ofMinutes(2))).isTrue();
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    broker.close();
  }

  @Test
  void anErasedStreamIsGoneFromChangelogsAndSummaries() throws Exception {
    List<String> streams = List.of("by http/é", "by command", "kept");
    for (String stream : streams) {
      for (TranscriptChunk chunk : Talks.talk(stream, 40, 1).subList(0, 39)) {
        send(stream, AvroCodec.chunk().encode(chunk));
      }
      send(stream, AvroCodec.chunk().encode(Talks.chunk(stream, 45, "This waits for its turn.")));
    }
    await(
        () ->
            latest(SUMMARIES, streams.get(0)).size() == 1
                && latest("gistream-inbox-changelog", "kept").values().stream()
                    .anyMatch(value -> value != null));

    assertThat(delete("/v1/streams/by%20http%2F%C3%A9")).isEqualTo(202);
    assertThat(delete("/v1/streams/%00")).isEqualTo(400);
    await(() -> isErased(SUMMARIES, streams.get(0)));
    Result erase = run("erase", "by command", "never heard of", "--wait");
    assertThat(erase.err()).isEmpty();
    assertThat(erase.exitCode()).isZero();

    for (String stream : List.of("by http/é", "by command")) {
      for (String store : List.of("sessions", "memories", "inbox")) {
        assertThat(isErased("gistream-" + store + "-changelog", stream)).as(store).isTrue();
      }
      assertThat(isErased(SUMMARIES, stream)).isTrue();
      assertThat(service.streams().summary(stream)).isEmpty();
    }
    assertThat(latest("gistream-memories-changelog", "kept").values())
        .anyMatch(value -> value != null);
    assertThat(service.streams().summary("kept")).isPresent();
  }

  @Test
  void anIdThatNoStreamCanHaveIsNotErased() {
    assertThat(run("erase", "  ").exitCode()).isEqualTo(2);
    assertThat(run("erase").exitCode()).isEqualTo(2);
  }

  @Test
  void aDeadLetterIsListedShownAndPutBack() throws Exception {
    byte[] garbage = {1, 2, 3, 27, 5};
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer
          .send(
              new ProducerRecord<>(
                  "gistream.chunks",
                  1,
                  1_790_000_000_000L,
                  "bad\u001b[31m".getBytes(UTF_8),
                  garbage,
                  new RecordHeaders().add("mine", "kept".getBytes(UTF_8))))
          .get();
    }
    await(() -> list().size() == 1);
    JsonNode letter = list().get(0);
    assertThat(letter.get("source").get("topic").asText()).isEqualTo("gistream.chunks");
    assertThat(letter.get("source").get("partition").asInt()).isEqualTo(1);
    assertThat(letter.get("requeued").asBoolean()).isFalse();
    assertThat(letter.get("reason").asText()).contains("TranscriptChunk");
    assertThat(run("dead-letters", "list").out())
        .contains("REASON", "bad\\u001b[31m", "gistream.chunks-1-")
        .doesNotContain("\u001b");

    String partition = letter.get("partition").asText();
    String offset = letter.get("offset").asText();
    Path file = directory.resolve("value");
    Result shown = run("dead-letters", "show", partition, offset, "--value", file.toString());
    assertThat(shown.out()).contains("01 02 03 1b 05", "mine: kept", "UndecodableException");
    assertThat(Files.readAllBytes(file)).isEqualTo(garbage);
    assertThat(run("dead-letters", "show", partition, "999").exitCode()).isEqualTo(1);

    assertThat(run("dead-letters", "requeue", partition, offset, "--dry-run").out())
        .contains("would go back to topic gistream.chunks");
    assertThat(list().get(0).get("requeued").asBoolean()).isFalse();
    Result back = run("dead-letters", "requeue", partition, offset);
    assertThat(back.exitCode()).isZero();
    assertThat(back.out()).contains("1 of 1 were put back");
    ConsumerRecord<byte[], byte[]> record = records("gistream.chunks", "bad\u001b[31m").get(1);
    assertThat(record.value()).isEqualTo(garbage);
    assertThat(record.partition()).isEqualTo(1);
    assertThat(record.timestamp()).isEqualTo(1_790_000_000_000L);
    assertThat(record.headers().toArray())
        .extracting(header -> header.key())
        .containsExactly("mine", "gistream-requeued");

    await(() -> list().size() == 2); // it is still no chunk
    assertThat(run("dead-letters", "list", "--from-offset", offset, "--limit", "1").out())
        .containsPattern(" yes +not a TranscriptChunk");
    assertThat(run("dead-letters", "requeue", partition, offset).out())
        .contains("was put back before", "0 of 1");
    assertThat(run("dead-letters", "requeue").exitCode()).isEqualTo(2);
  }

  private static JsonNode list() {
    try {
      Result result = run("dead-letters", "list", "--stream", "bad\u001b[31m", "--format", "json");
      assertThat(result.err()).isEmpty();
      return JSON.readTree(result.out());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Result run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-servers");
    all.add(broker.bootstrapServers());
    return InProcess.run(all.toArray(String[]::new));
  }

  private static int delete(String path) throws Exception {
    URI uri = URI.create(service.address(settings) + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).DELETE().build(), BodyHandlers.ofString())
        .statusCode();
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(String key, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(new ProducerRecord<>("gistream.chunks", key.getBytes(UTF_8), value)).get();
    }
  }

  /** Whether there was something under the keys of a stream, and nothing is left. */
  private static boolean isErased(String topic, String stream) {
    Map<String, byte[]> latest = latest(topic, stream);
    return !latest.isEmpty() && latest.values().stream().allMatch(value -> value == null);
  }

  /** The last value of each key of a stream: its id, or what begins with it and a zero byte. */
  private static Map<String, byte[]> latest(String topic, String stream) {
    Map<String, byte[]> latest = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records(topic, stream)) {
      latest.put(HexFormat.of().formatHex(record.key()), record.value());
    }
    return latest;
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic, String stream) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (CommittedRecords records = Cluster.records(settings)) {
      Map<TopicPartition, Long> ends = records.settledEnds(records.partitions(topic));
      ends.forEach(
          (partition, end) ->
              records.read(
                  partition,
                  0,
                  end,
                  record -> {
                    String key = new String(record.key(), UTF_8);
                    if (key.equals(stream) || key.startsWith(stream + "\0")) {
                      found.add(record);
                    }
                  }));
    }
    return found;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(200); // the class has a timeout
    }
  }
}
