package io.gistream.replay;

import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.draft;
import static io.gistream.session.Talks.end;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import io.gistream.stream.GistreamTopology;
import io.gistream.stream.RollingSummarizerSupplier;
import io.gistream.stream.StreamOptions.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference says what the topology writes: key, value, timestamp and headers. */
class ReferenceFoldTest {
  private static final TopicNames TOPICS = new TopicNames("chunks", "summaries", "dead-letters");
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final AvroCodec<TranscriptChunk> CODEC = AvroCodec.chunk();
  private static SummaryModel model;

  @TempDir private Path stateDirectory;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyModel();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  private void send(double seconds, TranscriptChunk chunk) {
    send(seconds, chunk.getStreamId().getBytes(UTF_8), CODEC.encode(chunk));
  }

  private void send(double seconds, byte @Nullable [] key, byte @Nullable [] value) {
    records.add(
        new ConsumerRecord<>(
            "chunks",
            0,
            records.size(),
            NOON.toEpochMilli() + Math.round(seconds * 1000),
            TimestampType.CREATE_TIME,
            key == null ? -1 : key.length,
            value == null ? -1 : value.length,
            key,
            value,
            new RecordHeaders()
                .add("traceparent", ("00-" + records.size()).getBytes(UTF_8))
                .add("other", null),
            Optional.empty()));
  }

  /** Whole records by key, in order, as text that shows everything. */
  private Map<String, List<String>> reference() {
    Map<String, List<String>> byStream = new TreeMap<>();
    ReferenceFold fold = new ReferenceFold(model, OPTIONS);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      for (ExpectedSummary expected : fold.accept(record)) {
        byStream
            .computeIfAbsent(new String(expected.key(), UTF_8), id -> new ArrayList<>())
            .add(text(expected.value(), expected.timestamp(), expected.headers()));
      }
    }
    return byStream;
  }

  private Map<String, List<String>> topology() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    Map<String, List<String>> byStream = new TreeMap<>();
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            GistreamTopology.build(
                TOPICS, RollingSummarizerSupplier.of(model).withOptions(OPTIONS)),
            config,
            NOON)) {
      ByteArraySerializer bytes = new ByteArraySerializer();
      TestInputTopic<byte[], byte[]> chunks =
          driver.createInputTopic("chunks", bytes, bytes, NOON, Duration.ZERO);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.value() == null) {
          // what is not read yet is erased without a word
          driver.advanceWallClockTime(Duration.ofMillis(50));
        }
        chunks.pipeInput(
            new TestRecord<>(
                record.key(),
                record.value(),
                record.headers(),
                Instant.ofEpochMilli(record.timestamp())));
        if (record.offset() % 3 == 0) {
          driver.advanceWallClockTime(Duration.ofMillis(50));
        }
      }
      driver.advanceWallClockTime(Duration.ofMillis(50));
      ByteArrayDeserializer read = new ByteArrayDeserializer();
      for (TestRecord<byte[], byte[]> record :
          driver.createOutputTopic("summaries", read, read).readRecordsToList()) {
        byStream
            .computeIfAbsent(new String(record.key(), UTF_8), id -> new ArrayList<>())
            .add(text(record.value(), record.timestamp(), record.headers()));
      }
    }
    return byStream;
  }

  private static String text(byte @Nullable [] value, long timestamp, Headers headers) {
    StringBuilder text = new StringBuilder().append(timestamp);
    for (Header header : headers) {
      text.append(' ').append(header.key()).append('=');
      text.append(header.value() == null ? "null" : new String(header.value(), UTF_8));
    }
    return text.append(' ')
        .append(value == null ? "null" : HexFormat.of().formatHex(value))
        .toString();
  }

  @Test
  void talksWithDraftsRepeatsGapsDisorderAndPoisonGiveTheSameRecords() {
    Random random = new Random(4);
    List<List<TranscriptChunk>> talks = new ArrayList<>();
    for (int s = 0; s < 6; s++) {
      talks.add(new ArrayList<>(Talks.talk("s" + s, 30, s)));
    }
    for (int i = 0; i < 30; i++) {
      for (int s = 0; s < 6; s++) {
        double time = i + s / 10.0;
        TranscriptChunk chunk = talks.get(s).get(i);
        switch (random.nextInt(9)) {
          case 0 -> send(time, draft("s" + s, i, "Something like that, I mean."));
          case 1 -> send(time, chunk);
          case 2 -> send(time, "s1".getBytes(UTF_8), new byte[] {1, 2, 3});
          case 3 -> send(time, null, CODEC.encode(chunk));
          case 4 -> send(time, "another".getBytes(UTF_8), CODEC.encode(chunk));
          case 5 -> send(time, chunk("s" + s, i, "x".repeat(OPTIONS.maxCharacters() + 1)));
          case 6 -> {
            if (i < 29) {
              send(time, talks.get(s).get(i + 1)); // before its turn
            }
          }
          case 7 -> {
            continue; // lost on the way
          }
          default -> {}
        }
        send(time, chunk);
      }
    }

    Map<String, List<String>> reference = reference();

    assertThat(reference.values().stream().mapToInt(List::size).sum()).isGreaterThan(100);
    assertThat(topology()).isEqualTo(reference);
  }

  @Test
  void aTalkThatWasSilentForLongIsAnotherOneAndTheFirstGetsItsFinalSummary() {
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    send(1, chunk("t", 1, "The budget is twelve thousand euros."));
    send(OPTIONS.idleTimeout().toSeconds() + 2, chunk("t", 0, "Good morning, it is Monday."));
    send(OPTIONS.idleTimeout().toSeconds() + 3, end("t", 1));
    send(3 * OPTIONS.retention().toSeconds(), chunk("t", 0, "All of that is long forgotten."));

    Map<String, List<String>> reference = reference();

    assertThat(reference.get("t")).hasSize(6);
    assertThat(topology()).isEqualTo(reference);
  }

  @Test
  void correctionsAndErasureGiveTheSameRecords() {
    for (int i = 0; i < 20; i++) {
      send(i, Talks.talk("t", 40, 3).get(i));
      if (i % 6 == 5) {
        send(i + 0.5, chunk("t", i - 1, "On second thought, it was said otherwise here."));
      }
    }
    send(20, "t".getBytes(UTF_8), null);
    send(20, "t".getBytes(UTF_8), null);
    for (int i = 0; i < 5; i++) {
      send(21 + i, Talks.talk("t", 40, 5).get(i));
    }

    Map<String, List<String>> reference = reference();

    assertThat(reference.get("t")).hasSize(20 + 3 + 2 + 5);
    assertThat(topology()).isEqualTo(reference);
  }

  @Test
  void whatATimerWouldGiveIsWhatTheNextChunkGives() {
    ReferenceFold fold = new ReferenceFold(model, OPTIONS);
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    send(1, chunk("t", 1, "The budget is twelve thousand euros."));
    send(OPTIONS.idleTimeout().toSeconds() + 2, chunk("t", 0, "Good morning, it is Monday."));
    fold.accept(records.get(0));
    fold.accept(records.get(1));

    ExpectedSummary early = fold.ifClosedNow("t").orElseThrow();
    ExpectedSummary inTime = fold.accept(records.get(2)).get(0);

    assertThat(AvroCodec.summary().decode(early.value()).getFinal$()).isTrue();
    assertThat(early.id()).isEqualTo("t-0-3-final").isEqualTo(inTime.id());
    assertThat(early.value()).isEqualTo(inTime.value());
    assertThat(early.timestamp()).isEqualTo(inTime.timestamp());
    assertThat(fold.ifClosedNow("nobody")).isEmpty();
  }

  @Test
  void theEndOfTheRetentionTakesATalkOffTheTopicIfThatIsAskedFor() {
    SummaryOptions options =
        SummaryOptions.from(
            Settings.load(List.of("session.retention-tombstone=true"), Map.of(), null));
    ReferenceFold fold = new ReferenceFold(model, options);
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    send(5, end("t", 1));
    fold.accept(records.get(0));
    assertThat(fold.ifForgottenNow("t")).as("while it goes on").isEmpty();
    fold.accept(records.get(1));

    ExpectedSummary tombstone = fold.ifForgottenNow("t").orElseThrow();
    assertThat(tombstone.isTombstone()).isTrue();
    assertThat(tombstone.timestamp())
        .isEqualTo(NOON.plusSeconds(5).plus(options.retention()).toEpochMilli());
    assertThat(tombstone.key()).isEqualTo("t".getBytes(UTF_8));
  }

  @Test
  void aTalkClosedByATimerIsNotClosedAgain() {
    ReferenceFold fold = new ReferenceFold(model, OPTIONS);
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    send(OPTIONS.idleTimeout().toSeconds() + 2, chunk("t", 0, "Good morning, it is Monday."));
    fold.accept(records.get(0));

    assertThat(fold.close("t")).isPresent();
    assertThat(fold.ifClosedNow("t")).isEmpty();
    assertThat(fold.accept(records.get(1)))
        .extracting(expected -> AvroCodec.summary().decode(expected.value()).getEpoch())
        .containsExactly(1);
  }
}
