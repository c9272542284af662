package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.GistreamOptions;
import io.gistream.config.RegistryOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.registry.ApicurioRegistry;
import io.gistream.registry.PlainWireDeserializer;
import io.gistream.registry.SchemaRegistry;
import io.gistream.serde.AvroCodec;
import io.gistream.serde.ValueFormat;
import io.gistream.session.Talks;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a registry that others made, from end to end: {@code ./mvnw verify -Pregistry}. */
@Timeout(900)
class RegistryProof {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private static Path directory;
  private static ApicurioRegistry registry;
  private static EmbeddedBroker broker;
  private static Settings settings;
  private static RunningService service;

  @BeforeAll
  static void start() throws Exception {
    registry = ApicurioRegistry.start();
    broker = EmbeddedBroker.start();
    settings =
        Settings.defaults()
            .with(GistreamOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers(), "test")
            .with(GistreamOptions.SCHEMA_REGISTRY_URL, registry.url(), "test")
            .with(GistreamOptions.TOPICS_PARTITIONS, "2", "test")
            .with(GistreamOptions.STATE_DIR, directory.resolve("state").toString(), "test")
            .with(GistreamOptions.HTTP_PORT, "0", "test")
            .with(GistreamOptions.MODEL_PATH, "src/test/resources/models/tiny", "test");
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
    Settings forbidden =
        settings.with(GistreamOptions.SCHEMA_REGISTRY_AUTO_REGISTER, "false", "test");
    assertThatThrownBy(() -> RunningService.start(forbidden, () -> {}))
        .as("before anyone has registered it")
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("gistream.summaries-value");
    service = RunningService.start(settings, () -> {});
    assertThat(service.streams().awaitRunning(PATIENCE)).isTrue();
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    if (broker != null) {
      broker.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void aTalkGoesThroughInTheRegistrysFormat() throws Exception {
    play(Talks.talk("there and back", 20, 1), Formats.of(settings).chunks());
    play(Talks.talk("in our own format", 20, 2), AvroCodec.chunk());
    for (String stream : List.of("there and back", "in our own format")) {
      assertThat(await(stream).getText()).isNotBlank();
    }
    assertThat(registry.get("/subjects").body())
        .contains("gistream.chunks-value", "gistream.summaries-value");
    assertThat(values("gistream.summaries")).isNotEmpty().allMatch(value -> value[0] == 0);
    assertThat(records("gistream.dead-letters").stream().map(it -> new String(it.key(), UTF_8)))
        .doesNotContain("there and back", "in our own format");

    Settings lookUp = settings.with(GistreamOptions.SCHEMA_REGISTRY_AUTO_REGISTER, "false", "test");
    Formats.of(lookUp).summaries().prepare(); // as registered, so it is found

    String printed = consoleConsumer();
    assertThat(printed)
        .contains("\"streamId\": \"there and back\"")
        .contains(await("there and back").getText().substring(0, 20));
  }

  @Test
  void whileTheRegistryIsSilentChunksWaitAndAreNoDeadLetters() throws Exception {
    Schema theirs =
        SchemaBuilder.record("TranscriptChunk")
            .namespace("com.acme")
            .fields()
            .requiredString("streamId")
            .requiredLong("sequence")
            .requiredString("text")
            .requiredBoolean("endOfStream")
            .endRecord();
    int id =
        new SchemaRegistry(RegistryOptions.from(settings).orElseThrow())
            .id("acme-value", theirs.toString());
    registry.freeze();
    try {
      send("asleep", wire(id, theirs, "asleep"));
      Thread.sleep(5_000);
      assertThat(service.streams().summary("asleep")).isEmpty();
    } finally {
      registry.thaw();
    }
    assertThat(await("asleep").getText()).isNotBlank();
    assertThat(values("gistream.dead-letters").stream().filter(it -> it[0] == 0)).isEmpty();
    send("nobody", wire(1_000_000, theirs, "nobody"));
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (values("gistream.dead-letters").isEmpty()) {
      assertThat(System.nanoTime() - until).isNegative();
      Thread.sleep(200);
    }
  }

  private static byte[] wire(int id, Schema schema, String stream) throws Exception {
    GenericRecord record = new GenericData.Record(schema);
    record.put("streamId", stream);
    record.put("sequence", 0L);
    record.put("text", "We ship the new release on Friday.");
    record.put("endOfStream", true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static void send(String stream, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Cluster.clientConfig(settings), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("gistream.chunks", stream.getBytes(UTF_8), value)).get();
    }
  }

  private static void play(List<TranscriptChunk> talk, ValueFormat<TranscriptChunk> format)
      throws Exception {
    try (TranscriptPlayer player =
        new TranscriptPlayer(Cluster.clientConfig(settings), format, "gistream.chunks", 0)) {
      player.play(talk, chunk -> {});
    }
  }

  private static RollingSummary await(String stream) {
    try (SummaryListener listener =
        new SummaryListener(
            Cluster.clientConfig(settings),
            Formats.of(settings).summaries(),
            "gistream.summaries")) {
      return listener.listen(stream, PATIENCE, summary -> {}).orElseThrow();
    }
  }

  private static List<byte[]> values(String topic) {
    return records(topic).stream().map(ConsumerRecord::value).toList();
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (CommittedRecords records = Cluster.records(settings)) {
      List<TopicPartition> partitions = records.partitions(topic);
      Map<TopicPartition, Long> ends = records.ends(partitions);
      for (TopicPartition partition : partitions) {
        records.read(partition, 0, ends.get(partition), all::add);
      }
    }
    return all;
  }

  /** What Kafka's own console consumer prints of the summaries. */
  private static String consoleConsumer() throws Exception {
    File out = directory.resolve("console.txt").toFile();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "--bootstrap-server",
                broker.bootstrapServers(),
                "--topic",
                "gistream.summaries",
                "--from-beginning",
                "--isolation-level",
                "read_committed",
                "--timeout-ms",
                "20000",
                "--value-deserializer",
                PlainWireDeserializer.class.getName(),
                "--formatter-property",
                "value.deserializer.schema.registry.url=" + registry.url())
            .redirectErrorStream(true)
            .redirectOutput(out)
            .start();
    process.waitFor();
    return java.nio.file.Files.readString(out.toPath());
  }
}
