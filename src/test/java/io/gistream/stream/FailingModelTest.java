package io.gistream.stream;

import static io.gistream.session.Talks.chunk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import io.gistream.stream.StreamOptions.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that cannot read something, or nothing. */
class FailingModelTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
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

  private interface Script {
    void run(
        TopologyTestDriver driver,
        TestInputTopic<byte[], byte[]> chunks,
        TestOutputTopic<byte[], byte[]> summaries,
        TestOutputTopic<byte[], byte[]> deadLetters);
  }

  private void play(Predicate<String> unreadable, Script script) {
    play(
        RollingSummarizerSupplier.of(model).withReading(reader -> failing(reader, unreadable)),
        "task",
        script);
  }

  private void play(RollingSummarizerSupplier supplier, String task, Script script) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "failing");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.resolve(task).toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            GistreamTopology.build(new TopicNames("chunks", "summaries", "dead-letters"), supplier),
            config,
            NOON)) {
      ByteArraySerializer bytes = new ByteArraySerializer();
      ByteArrayDeserializer read = new ByteArrayDeserializer();
      script.run(
          driver,
          driver.createInputTopic("chunks", bytes, bytes, NOON, Duration.ZERO),
          driver.createOutputTopic("summaries", read, read),
          driver.createOutputTopic("dead-letters", read, read));
    }
  }

  private static SegmentReader failing(SegmentReader reader, Predicate<String> unreadable) {
    return reads -> {
      if (reads.stream().anyMatch(it -> it.sentences().stream().anyMatch(unreadable))) {
        throw new IllegalStateException("the graph failed");
      }
      return reader.read(reads);
    };
  }

  private static void send(TestInputTopic<byte[], byte[]> chunks, TranscriptChunk chunk) {
    chunks.pipeInput(chunk.getStreamId().getBytes(UTF_8), AvroCodec.chunk().encode(chunk));
  }

  @Test
  void chunksThatCannotBeReadAreDeadLettersThoughTheyAreAllThereIsInTheBatch() {
    play(
        sentence -> sentence.contains("poison"),
        (driver, chunks, summaries, deadLetters) -> {
          send(chunks, chunk("a", 0, "This one is poison for the model."));
          send(chunks, chunk("b", 0, "And this one is poison for it too."));
          driver.advanceWallClockTime(Duration.ofMillis(50));
          assertThat(deadLetters.readRecordsToList())
              .extracting(letter -> new String(letter.key(), UTF_8))
              .containsExactly("a", "b");
          send(chunks, chunk("a", 1, "We ship the new release on Friday."));
          send(chunks, chunk("b", 1, "The budget is twelve thousand euros."));
          driver.advanceWallClockTime(Duration.ofMillis(50));
          List<RollingSummary> given =
              summaries.readValuesToList().stream().map(AvroCodec.summary()::decode).toList();
          assertThat(given).extracting(RollingSummary::getStreamId).containsExactly("a", "b");
          assertThat(given).allMatch(summary -> summary.getGaps().size() == 1);
        });
  }

  @Test
  void aModelIsTriedWithASentenceThatNoTaskKnowsTheStateOf() {
    List<String> read = new ArrayList<>();
    Predicate<String> poison =
        sentence -> {
          read.add(sentence);
          return sentence.contains("poison");
        };
    RollingSummarizerSupplier supplier =
        RollingSummarizerSupplier.of(model).withReading(reader -> failing(reader, poison));
    for (String task : List.of("first", "second")) {
      play(
          supplier,
          task,
          (driver, chunks, summaries, deadLetters) -> {
            send(chunks, chunk("a", 0, "This one is poison for the model."));
            driver.advanceWallClockTime(Duration.ofMillis(50));
            assertThat(deadLetters.readRecordsToList()).hasSize(1);
          });
    }
    assertThat(read.stream().filter(sentence -> !sentence.contains("poison")))
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void aModelThatReadsNothingIsNoFaultOfTheChunks() {
    play(
        sentence -> true,
        (driver, chunks, summaries, deadLetters) -> {
          send(chunks, chunk("a", 0, "We ship the new release on Friday."));
          assertThatThrownBy(() -> driver.advanceWallClockTime(Duration.ofMillis(50)))
              .rootCause()
              .hasMessage("the graph failed");
          assertThat(deadLetters.isEmpty()).isTrue();
          assertThat(summaries.isEmpty()).isTrue();
        });
  }
}
