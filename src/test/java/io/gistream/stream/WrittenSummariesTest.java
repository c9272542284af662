package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.Origin;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Said;
import io.gistream.session.Talks;
import io.gistream.stream.StreamOptions.TopicNames;
import io.gistream.summary.ContentWords;
import io.gistream.summary.Grounding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that writes, behind Kafka. */
class WrittenSummariesTest {
  private static final TopicNames TOPICS = new TopicNames("chunks", "summaries", "dead-letters");
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final int STREAMS = 4;
  private static final int CHUNKS = 12;
  private static SummaryModel model;

  @TempDir private Path directory;
  private double replaced;
  private double removed;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyWriter();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  private static List<TranscriptChunk> talk(int stream) {
    return Talks.talk("s" + stream, CHUNKS, stream);
  }

  private static Instant time(TranscriptChunk chunk) {
    return NOON.plusSeconds(chunk.getSequence());
  }

  /** Summaries by stream, as bytes, of one run of the topology. */
  private Map<String, List<byte[]>> run(String name, int batch, int drainEvery) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve(name).toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    BatchOptions batching =
        new BatchOptions(
            batch, Duration.ofMillis(10), Duration.ofSeconds(2), 1 << 20, 1 << 20, 8 << 20);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            GistreamTopology.build(
                TOPICS,
                RollingSummarizerSupplier.of(model).withOptions(OPTIONS).withBatching(batching)),
            config,
            NOON)) {
      ByteArraySerializer bytes = new ByteArraySerializer();
      TestInputTopic<byte[], byte[]> chunks = driver.createInputTopic("chunks", bytes, bytes);
      TestOutputTopic<byte[], byte[]> summaries =
          driver.createOutputTopic(
              "summaries", new ByteArrayDeserializer(), new ByteArrayDeserializer());
      TestOutputTopic<byte[], byte[]> deadLetters =
          driver.createOutputTopic(
              "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer());
      int sent = 0;
      for (int i = 0; i < CHUNKS; i++) {
        for (int s = 0; s < STREAMS; s++) {
          TranscriptChunk chunk = talk(s).get(i);
          chunks.pipeInput(
              chunk.getStreamId().getBytes(UTF_8), AvroCodec.chunk().encode(chunk), time(chunk));
          if (++sent % drainEvery == 0) {
            driver.advanceWallClockTime(Duration.ofMillis(50));
          }
        }
      }
      driver.advanceWallClockTime(Duration.ofMillis(50));
      assertThat(deadLetters.isEmpty()).isTrue();
      replaced = total(driver, "replaced-sentence-total");
      removed = total(driver, "removed-sentence-total");
      Map<String, List<byte[]>> byStream = new TreeMap<>();
      for (TestRecord<byte[], byte[]> record : summaries.readRecordsToList()) {
        byStream
            .computeIfAbsent(new String(record.key(), UTF_8), id -> new ArrayList<>())
            .add(record.value());
      }
      return byStream;
    }
  }

  private static double total(TopologyTestDriver driver, String metric) {
    return driver.metrics().entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(metric))
        .mapToDouble(entry -> (double) entry.getValue().metricValue())
        .sum();
  }

  private static void assertSame(Map<String, List<byte[]>> one, Map<String, List<byte[]>> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach(
        (stream, bytes) ->
            assertThat(bytes)
                .as(stream)
                .usingElementComparator(Arrays::compare)
                .isEqualTo(other.get(stream)));
  }

  @Test
  void aReplayGivesTheSameBytesHoweverChunksAreBatched() {
    Map<String, List<byte[]>> first = run("first", 64, 16);
    assertThat(first).hasSize(STREAMS).allSatisfy((stream, all) -> assertThat(all).hasSize(CHUNKS));
    assertSame(run("again", 64, 16), first);
    assertSame(run("one-by-one", 1, 1), first);
  }

  @Test
  void theTopicSaysWhatALocalRunSays() {
    Map<String, List<byte[]>> expected = new TreeMap<>();
    for (int s = 0; s < STREAMS; s++) {
      LocalSummarizer local = new LocalSummarizer("s" + s, model, OPTIONS);
      List<byte[]> summaries = new ArrayList<>();
      for (TranscriptChunk chunk : talk(s)) {
        Talks.summaries(local.accept(new Said.Plain(chunk, time(chunk).toEpochMilli())))
            .forEach(summary -> summaries.add(AvroCodec.summary().encode(summary)));
      }
      expected.put("s" + s, summaries);
    }
    assertSame(run("topic", 8, 5), expected);
  }

  @Test
  void noSentenceSaysWhatItsSourcesDoNotSay() {
    int sentences = 0;
    for (Map.Entry<String, List<byte[]>> stream : run("grounded", 64, 16).entrySet()) {
      Map<Long, String> said =
          talk(Integer.parseInt(stream.getKey().substring(1))).stream()
              .collect(Collectors.toMap(TranscriptChunk::getSequence, TranscriptChunk::getText));
      for (byte[] bytes : stream.getValue()) {
        RollingSummary summary = AvroCodec.summary().decode(bytes);
        for (SummarySentence sentence : summary.getSentences()) {
          String cited =
              sentence.getSource().getSequences().stream()
                  .map(said::get)
                  .collect(Collectors.joining(" "));
          assertThat(Grounding.unsupported(sentence.getText(), cited)).isEmpty();
          assertThat(sentence.getOrigin()).isNotEqualTo(Origin.EXTRACTED);
          if (sentence.getOrigin() == Origin.REPLACED) {
            assertThat(ContentWords.of(cited)).containsAll(ContentWords.of(sentence.getText()));
            assertThat(sentence.getGrounding()).isEqualTo(1f);
          }
          sentences++;
        }
      }
    }
    assertThat(sentences).isGreaterThan(50);
    assertThat(replaced).as("a model of random weights is never right").isPositive();
    assertThat(removed).isNotNegative();
  }
}
