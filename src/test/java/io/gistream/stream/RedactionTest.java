package io.gistream.stream;

import static io.gistream.session.Talks.chunk;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.RedactionOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.redaction.Redactor;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import io.gistream.stream.StreamOptions.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is masked is on no topic, changelogs included, and so in no store. */
class RedactionTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String SECRET = "ada@example.com";
  private static SummaryModel model;

  @TempDir private Path stateDirectory;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyModel();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  private static ChunkDecoder decoder(boolean keepsRejected) {
    Settings settings = Settings.load(List.of("redaction.patterns=email"), Map.of(), null);
    return new RedactingDecoder(
        ChunkDecoder.singleObject(),
        new Redactor(RedactionOptions.from(settings).orElseThrow()),
        keepsRejected);
  }

  /** All records that anything wrote, by topic. */
  private Map<String, List<TestRecord<byte[], byte[]>>> written(ChunkDecoder decoder) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            GistreamTopology.build(
                new TopicNames("chunks", "summaries", "dead-letters"),
                RollingSummarizerSupplier.of(model)
                    .withOptions(SummaryOptions.defaults())
                    .withDecoder(decoder)),
            config,
            NOON)) {
      TestInputTopic<byte[], byte[]> chunks =
          driver.createInputTopic(
              "chunks", new ByteArraySerializer(), new ByteArraySerializer(), NOON, Duration.ZERO);
      AvroCodec<TranscriptChunk> codec = AvroCodec.chunk();
      byte[] key = "talk".getBytes(UTF_8);
      for (int i = 0; i < 12; i++) {
        String text = "We ship release " + i + " on Friday, write to " + SECRET + " about it.";
        chunks.pipeInput(key, codec.encode(chunk("talk", i, text)));
        driver.advanceWallClockTime(Duration.ofMillis(50));
      }
      chunks.pipeInput(key, codec.encode(chunk("talk", 14, SECRET + " waits for its turn.")));
      chunks.pipeInput(key, codec.encode(chunk("talk", 0, SECRET + " came far too late.")));
      chunks.pipeInput(key, (SECRET + " is no chunk").getBytes(UTF_8));
      driver.advanceWallClockTime(Duration.ofMillis(50));
      Map<String, List<TestRecord<byte[], byte[]>>> written = new java.util.TreeMap<>();
      for (String topic : driver.producedTopicNames()) {
        written.put(
            topic,
            driver
                .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList());
      }
      return written;
    }
  }

  private static List<String> withSecret(List<TestRecord<byte[], byte[]>> records) {
    List<String> found = new ArrayList<>();
    for (TestRecord<byte[], byte[]> record : records) {
      String value = record.value() == null ? "" : new String(record.value(), ISO_8859_1);
      if ((value + record.headers()).contains(SECRET)) {
        found.add(value);
      }
    }
    return found;
  }

  @Test
  void noTopicAndNoChangelogHasIt() {
    Map<String, List<TestRecord<byte[], byte[]>>> written = written(decoder(false));
    assertThat(written.keySet())
        .contains(
            "summaries",
            "dead-letters",
            "test-inbox-changelog",
            "test-memories-changelog",
            "test-sessions-changelog");
    written.forEach((topic, records) -> assertThat(withSecret(records)).as(topic).isEmpty());
    assertThat(written.get("summaries").stream().map(it -> new String(it.value(), UTF_8)))
        .anyMatch(value -> value.contains("[email]"));
    assertThat(written.get("dead-letters"))
        .anySatisfy(
            rejected -> {
              assertThat(rejected.value()).isNull();
              assertThat(rejected.headers().lastHeader(DeadLetterRecord.OMITTED_VALUE)).isNotNull();
            });
    assertThat(
            written.get("dead-letters").stream()
                .filter(letter -> letter.value() != null)
                .map(late -> AvroCodec.chunk().decode(late.value()).getText()))
        .containsExactly("[email] came far too late.");
  }

  @Test
  void unlessToldOtherwiseWhatIsNoChunkIsKeptAsItCame() {
    Map<String, List<TestRecord<byte[], byte[]>>> written = written(decoder(true));
    assertThat(withSecret(written.remove("dead-letters"))).containsExactly(SECRET + " is no chunk");
    written.forEach((topic, records) -> assertThat(withSecret(records)).as(topic).isEmpty());
  }

  @Test
  void withoutAMaskItIsThere() {
    assertThat(withSecret(written(ChunkDecoder.singleObject()).get("test-inbox-changelog")))
        .as("or the test could not fail")
        .isNotEmpty();
  }
}
