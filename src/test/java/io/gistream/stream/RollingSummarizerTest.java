package io.gistream.stream;

import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.draft;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Said;
import io.gistream.session.Talks;
import io.gistream.stream.StreamOptions.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of records, read as a specification. */
class RollingSummarizerTest {
  private static final TopicNames TOPICS = new TopicNames("chunks", "summaries", "dead-letters");
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static SummaryModel model;

  private final AvroCodec<TranscriptChunk> codec = AvroCodec.chunk();
  private SummaryOptions options = OPTIONS;
  private long cacheBytes = 1 << 20;

  /** Days later: what is sent is read again from a topic. */
  private Instant clock = NOON.plus(Duration.ofDays(3));

  @TempDir private Path stateDirectory;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> chunks;
  private TestOutputTopic<byte[], byte[]> summaries;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyModel();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  @AfterEach
  void closeDriver() {
    if (driver != null) {
      driver.close();
    }
  }

  private void start(BatchOptions batching) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    driver =
        new TopologyTestDriver(
            GistreamTopology.build(
                TOPICS,
                RollingSummarizerSupplier.of(model).withOptions(options).withBatching(batching)),
            config,
            clock);
    ByteArraySerializer bytes = new ByteArraySerializer();
    chunks = driver.createInputTopic("chunks", bytes, bytes, NOON, Duration.ZERO);
    summaries =
        driver.createOutputTopic(
            "summaries", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    deadLetters =
        driver.createOutputTopic(
            "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void start() {
    start(BatchOptions.defaults());
  }

  private void send(double seconds, TranscriptChunk chunk) {
    send(seconds, chunk.getStreamId().getBytes(UTF_8), codec.encode(chunk));
  }

  private void send(double seconds, byte[] key, byte[] value) {
    chunks.pipeInput(key, value, NOON.plusMillis(Math.round(seconds * 1000)));
  }

  private List<RollingSummary> drain() {
    driver.advanceWallClockTime(Duration.ofMillis(50));
    AvroCodec<RollingSummary> read = AvroCodec.summary();
    return summaries.readValuesToList().stream().map(read::decode).toList();
  }

  @Test
  void aChunkIsSummarisedUnderTheKeyOfItsStream() {
    start();
    send(0, chunk("standup", 0, "We ship the new release on Friday."));
    driver.advanceWallClockTime(Duration.ofMillis(50));
    TestRecord<byte[], byte[]> record = summaries.readRecord();
    assertThat(record.key()).isEqualTo("standup".getBytes(UTF_8));
    assertThat(record.timestamp()).isEqualTo(NOON.toEpochMilli());
    assertThat(AvroCodec.summary().decode(record.value()).getText()).contains("Friday");
    assertThat(header(record, "ce_id")).isEqualTo("chunks-0-0");
    assertThat(header(record, "gistream-model")).contains(model.sha256());
  }

  @Test
  void theTraceOfTheChunkGoesOnInTheSummary() {
    start();
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    TranscriptChunk chunk = chunk("t", 0, "We ship the new release on Friday.");
    chunks.pipeInput(
        new TestRecord<>(
            "t".getBytes(UTF_8),
            codec.encode(chunk),
            new RecordHeaders().add("traceparent", trace.getBytes(UTF_8)),
            NOON));
    driver.advanceWallClockTime(Duration.ofMillis(50));
    assertThat(header(summaries.readRecord(), "traceparent")).isEqualTo(trace);
  }

  @Test
  void manyStreamsAtOnceSayWhatEachSaysAlone() {
    start();
    Map<String, List<RollingSummary>> alone = new LinkedHashMap<>();
    List<List<TranscriptChunk>> talks = new ArrayList<>();
    for (int s = 0; s < 20; s++) {
      List<TranscriptChunk> talk = Talks.talk("stream-" + s, 15 + s, s);
      talks.add(talk);
      LocalSummarizer reference = new LocalSummarizer("stream-" + s, model, OPTIONS);
      List<RollingSummary> expected = new ArrayList<>();
      for (TranscriptChunk chunk : talk) {
        long time = NOON.toEpochMilli() + chunk.getSequence() * 1000;
        expected.addAll(Talks.summaries(reference.accept(new Said.Plain(chunk, time))));
      }
      alone.put("stream-" + s, expected);
    }
    Map<String, List<RollingSummary>> together = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      for (List<TranscriptChunk> talk : talks) {
        if (i < talk.size()) {
          send(i, talk.get(i));
        }
      }
      if (i % 3 == 0) {
        collect(together, drain());
      }
    }
    collect(together, drain());
    assertThat(together).isEqualTo(alone);
  }

  private static void collect(
      Map<String, List<RollingSummary>> byStream, List<RollingSummary> more) {
    for (RollingSummary summary : more) {
      byStream.computeIfAbsent(summary.getStreamId(), id -> new ArrayList<>()).add(summary);
    }
  }

  @Test
  void theBytesDoNotDependOnHowChunksAreBatched() {
    List<byte[]> expected = bytesOfAll(1, 1);
    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(bytesOfAll(7, 1)).usingElementComparator(Arrays::compare).isEqualTo(expected);
    assertThat(bytesOfAll(64, 50)).usingElementComparator(Arrays::compare).isEqualTo(expected);
  }

  @Test
  void theBytesDoNotDependOnWhenTheMemoryIsSavedNorOnWhatIsStillAtHand() {
    List<byte[]> expected = bytesOfAll(7, 1);
    options = OPTIONS.withCheckpoints(1, OPTIONS.correctionHorizon());
    assertThat(bytesOfAll(7, 1)).usingElementComparator(Arrays::compare).isEqualTo(expected);
    options = OPTIONS.withCheckpoints(16, OPTIONS.correctionHorizon());
    assertThat(bytesOfAll(7, 1)).usingElementComparator(Arrays::compare).isEqualTo(expected);
    cacheBytes = 0;
    assertThat(bytesOfAll(7, 1)).usingElementComparator(Arrays::compare).isEqualTo(expected);
  }

  /**
   * All summaries, sorted by stream (order between streams is free), of streams with drafts,
   * repeats, gaps and corrections.
   */
  private List<byte[]> bytesOfAll(int batch, int drainEvery) {
    start(
        new BatchOptions(
            batch, Duration.ofMillis(10), Duration.ofSeconds(2), cacheBytes, 1 << 20, 8 << 20));
    Random random = new Random(9);
    int sent = 0;
    for (int i = 0; i < 25; i++) {
      for (int s = 0; s < 8; s++) {
        TranscriptChunk chunk = Talks.talk("s" + s, 25, s).get(i);
        switch (random.nextInt(7)) {
          case 0 -> send(i, draft("s" + s, i, "Something like that I mean."));
          case 1 -> send(i, chunk);
          case 2 -> {
            if (random.nextInt(4) == 0) {
              continue; // lost on the way
            }
          }
          case 3 -> send(i, chunk("s" + s, Math.max(0, i - 2), "Point " + i + " is corrected."));
          default -> {}
        }
        send(i, chunk);
        if (++sent % drainEvery == 0) {
          driver.advanceWallClockTime(Duration.ofMillis(50));
        }
      }
    }
    driver.advanceWallClockTime(Duration.ofMillis(50));
    Map<String, List<byte[]>> byStream = new java.util.TreeMap<>();
    for (TestRecord<byte[], byte[]> record : summaries.readRecordsToList()) {
      byStream
          .computeIfAbsent(new String(record.key(), UTF_8), id -> new ArrayList<>())
          .add(record.value());
    }
    driver.close();
    driver = null;
    return byStream.values().stream().flatMap(List::stream).toList();
  }

  @Test
  void bytesThatAreNoChunkGoToTheDeadLettersAsTheyCame() {
    start();
    byte[] garbage = {1, 2, 3, 4, 5};
    chunks.pipeInput(
        new TestRecord<>(
            "t".getBytes(UTF_8),
            garbage,
            new RecordHeaders().add("mine", "kept".getBytes(UTF_8)),
            NOON));
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.key()).isEqualTo("t".getBytes(UTF_8));
    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(header(letter, "mine")).isEqualTo("kept");
    assertThat(header(letter, "__streams.errors.topic")).isEqualTo("chunks");
    assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
    assertThat(header(letter, "__streams.errors.offset")).isEqualTo("0");
    assertThat(header(letter, "__streams.errors.message")).isNotBlank();
    assertThat(header(letter, "__streams.errors.exception")).contains("UndecodableException");
    send(1, chunk("t", 0, "The stream goes on as if nothing had happened."));
    assertThat(drain()).hasSize(1);
  }

  @Test
  void aRecordWithoutValueOrKeyOrUnderAnotherKeyIsADeadLetter() {
    start();
    byte[] good = codec.encode(chunk("t", 0, "We ship on Friday."));
    send(0, null, null);
    send(0, null, good);
    send(0, "other".getBytes(UTF_8), good);
    send(0, new byte[] {(byte) 0xff, (byte) 0xfe}, good);
    List<String> reasons =
        deadLetters.readRecordsToList().stream()
            .map(letter -> header(letter, "__streams.errors.message"))
            .toList();
    assertThat(reasons).hasSize(4);
    assertThat(reasons.get(0)).contains("no value");
    assertThat(reasons.get(1)).contains("no key");
    assertThat(reasons.get(2)).contains("'other'").contains("'t'");
    assertThat(reasons.get(3)).contains("not UTF-8");
    assertThat(drain()).isEmpty();
  }

  @Test
  void anImpossibleSequenceOrStreamIdIsADeadLetter() {
    start();
    send(0, chunk("t", -1, "Before the beginning."));
    send(0, chunk("t", Long.MAX_VALUE, "Behind the end."));
    send(0, chunk("a\u0000b", 0, "An id with a control character."));
    send(0, chunk("x".repeat(300), 0, "A very long id."));
    send(0, chunk(" ", 0, "A blank id."));
    assertThat(deadLetters.readRecordsToList()).hasSize(5);
    assertThat(drain()).isEmpty();
  }

  @Test
  void aChunkThatIsTooLongIsADeadLetterAndLeavesAGapThatNobodyWaitsFor() {
    start();
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    TranscriptChunk huge = chunk("t", 1, "a".repeat(1 << 20));
    send(1, huge);
    send(2, chunk("t", 2, "The budget is twelve thousand euros."));
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.value()).isEqualTo(codec.encode(huge));
    assertThat(header(letter, "__streams.errors.message")).contains("1048576").contains("65536");
    List<RollingSummary> given = drain();
    assertThat(given).hasSize(2);
    assertThat(given.get(1).getGaps()).containsExactly(new SequenceRange(1L, 1L));
  }

  @Test
  void aDraftThatIsTooLongIsADeadLetterAndNothingIsShownForIt() {
    start();
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    assertThat(drain()).hasSize(1);
    send(1, draft("t", 1, "a".repeat(1 << 17)));
    assertThat(drain()).isEmpty();
    assertThat(deadLetters.readRecordsToList()).hasSize(1);
    send(2, chunk("t", 1, "The budget is twelve thousand euros."));
    assertThat(drain())
        .singleElement()
        .satisfies(summary -> assertThat(summary.getGaps()).isEmpty());
  }

  @Test
  void aStreamThatHasSaidNothingThatCountsIsClosedAndForgotten() {
    start();
    send(0, draft("early", 7, "Somebody joined in the middle."));
    send(0, draft("drafts", 0, "Nothing but a draft ever came."));
    send(0, chunk("lost", 0, "b".repeat(70_000)));
    drain();
    send(OPTIONS.retention().toSeconds() + 5.0, chunk("other", 0, "Somebody else speaks now."));
    drain();
    send(OPTIONS.retention().toSeconds() + 9.0, chunk("other", 1, "And goes on with it today."));
    assertThat(drain()).hasSize(1);
    for (String stream : List.of("early", "drafts", "lost")) {
      assertThat(driver.getKeyValueStore("sessions").get(stream)).as(stream).isNull();
    }
  }

  @Test
  void whatWouldBlowTheStateUpIsADeadLetter() {
    start();
    TranscriptChunk plain = chunk("t", 0, "We ship the new release on Friday.");
    TranscriptChunk loud =
        new TranscriptChunk(
            "t",
            0L,
            plain.getText(),
            "x".repeat(700_000),
            null,
            null,
            plain.getStatus(),
            false,
            Map.of());
    send(0, loud);
    TranscriptChunk large =
        new TranscriptChunk(
            "t",
            1L,
            plain.getText(),
            null,
            null,
            null,
            plain.getStatus(),
            false,
            Map.of("note", "y".repeat(2_000_000)));
    send(1, large);
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSize(2);
    assertThat(letters.get(0).value()).isEqualTo(codec.encode(loud));
    assertThat(letters.get(1).value()).as("no topic would take it").isNull();
    assertThat(header(letters.get(1), "gistream-omitted-value-bytes"))
        .isEqualTo(Integer.toString(codec.encode(large).length));
    send(2, chunk("t", 2, "The talk goes on as if nothing had happened."));
    assertThat(drain()).hasSize(1);
  }

  @Test
  void aRecordWithoutATimestampStopsNothing() {
    start();
    chunks.pipeInput(
        new TestRecord<>(
            "t".getBytes(UTF_8),
            codec.encode(chunk("t", 0, "We ship the new release on Friday.")),
            new RecordHeaders(),
            0L));
    assertThat(drain()).hasSize(1);
  }

  @Test
  void hostileTextIsSummarisedLikeAnyOther() {
    start();
    List<String> texts =
        List.of(
            "<script>alert('x')</script> & <b>bold</b> claims were made about the product.",
            "\u0000\u0001\ud800 lone surrogates and controls were said here today.",
            "a".repeat(60_000),
            "😀😀😀 𝕬𝖑𝖑 𝖙𝖍𝖎𝖘 is what they said about our new product.",
            "مرحبا بالعالم هذا اجتماع مهم جدا اليوم.",
            "？！。。。".repeat(5000));
    for (int i = 0; i < texts.size(); i++) {
      send(i, chunk("t", i, texts.get(i)));
    }
    assertThat(drain()).hasSize(texts.size());
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void silenceOnOneStreamIsNoticedByTheRecordsOfAnother() {
    start();
    send(0, chunk("quiet", 0, "We ship the new release on Friday."));
    assertThat(drain()).hasSize(1);
    send(OPTIONS.idleTimeout().toSeconds() + 1.0, chunk("loud", 0, "Somebody else speaks now."));
    List<RollingSummary> given = drain();
    assertThat(given).hasSize(2);
    assertThat(given)
        .filteredOn(RollingSummary::getFinal$)
        .extracting(RollingSummary::getStreamId)
        .containsExactly("quiet");
  }

  @Test
  void aProducerWhoseClockIsWrongEndsNobodyElsesTalk() {
    clock = NOON;
    start();
    send(0, chunk("right", 0, "We ship the new release on Friday."));
    drain();
    send(Duration.ofDays(400).toSeconds(), chunk("wrong", 0, "It is next year already, I think."));
    drain();
    send(1, chunk("right", 1, "The budget is twelve thousand euros."));
    assertThat(drain())
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.getRevision()).isEqualTo(2);
              assertThat(summary.getFinal$()).isFalse();
            });
  }

  @Test
  void aTalkOfDaysAgoBesideALiveOneIsNotSilent() {
    start();
    double today = Duration.ofDays(2).toSeconds();
    send(today, chunk("live", 0, "We ship the new release on Friday."));
    send(0, chunk("old", 0, "The customer asked for a smaller remote control."));
    drain();
    send(today + 1, chunk("live", 1, "The budget is twelve thousand euros."));
    drain();
    send(1, chunk("old", 1, "It should have fewer buttons than that."));
    assertThat(drain())
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.getStreamId()).isEqualTo("old");
              assertThat(summary.getRevision()).isEqualTo(2);
              assertThat(summary.getFinal$()).isFalse();
            });
    send(today + OPTIONS.idleTimeout().toSeconds() + 2, chunk("live", 2, "And now to the budget."));
    assertThat(drain())
        .filteredOn(RollingSummary::getFinal$)
        .extracting(RollingSummary::getStreamId)
        .contains("old");
  }

  @Test
  void aNullValueUnderAKeyThatIsNoStreamIdErasesNothing() {
    start();
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    send(1, chunk("t", 99, "The budget is twelve thousand euros."));
    send(20, chunk("t", 100, "Nothing that was before it will come any more."));
    drain();
    List<String> before = keys("memories");
    // with what ends the key of a checkpoint, this is the key of chunk 99
    String id = "t\0h\0\0\0\0\0\0";
    assertThat(before).contains(id + "\0c");
    send(120, id.getBytes(UTF_8), null);
    send(120, new byte[0], null);
    driver.advanceWallClockTime(Duration.ofMillis(50));
    assertThat(summaries.isEmpty()).isTrue();
    assertThat(keys("memories")).isEqualTo(before);
    assertThat(deadLetters.readRecordsToList())
        .hasSize(2)
        .allMatch(
            letter -> header(letter, "__streams.errors.message").startsWith("a null value erases"));
  }

  @Test
  void aTraceThatIsLongerThanAnyIsNotCarriedOn() {
    start();
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", "00-1-2-01".getBytes(UTF_8)).add("baggage", new byte[900_000]);
    chunks.pipeInput(
        new TestRecord<>(
            "t".getBytes(UTF_8),
            codec.encode(chunk("t", 0, "We ship the new release on Friday.")),
            headers,
            NOON));
    driver.advanceWallClockTime(Duration.ofMillis(50));
    TestRecord<byte[], byte[]> summary = summaries.readRecord();
    assertThat(header(summary, "traceparent")).isEqualTo("00-1-2-01");
    assertThat(header(summary, "baggage")).isNull();
  }

  @Test
  void aDeadLetterIsNeverLargerThanItsTopicTakes() {
    start();
    byte[] key = new byte[1_200_000];
    chunks.pipeInput(
        new TestRecord<>(
            key,
            new byte[5_000_000],
            new RecordHeaders()
                .add("mine", new byte[2_000_000])
                .add("__streams.errors.message", new byte[2_000_000]),
            NOON));
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(OutputHeaders.size(letter.key(), letter.value(), letter.headers()))
        .isLessThan(ChunkIntake.MAX_RECORD_BYTES);
    assertThat(header(letter, "gistream-omitted-value-bytes")).isEqualTo("5000000");
    assertThat(Integer.parseInt(header(letter, "gistream-omitted-headers-bytes")))
        .isBetween(4_000_000, 4_000_100);
    assertThat(header(letter, "gistream-omitted-key-bytes")).isEqualTo("1200000");
    assertThat(header(letter, "__streams.errors.offset")).isEqualTo("0");
    assertThat(header(letter, "__streams.errors.message")).contains("single-object");
  }

  @Test
  void whenTheTopicItselfFallsSilentOpenTalksGetTheirFinalSummary() {
    start();
    send(0, chunk("quiet", 0, "We ship the new release on Friday."));
    assertThat(drain()).hasSize(1);
    driver.advanceWallClockTime(OPTIONS.idleTimeout().plusSeconds(2));
    List<RollingSummary> given = drain();
    assertThat(given).hasSize(1);
    assertThat(given.get(0).getFinal$()).isTrue();
    driver.advanceWallClockTime(OPTIONS.idleTimeout().plusSeconds(2));
    assertThat(drain()).isEmpty();
  }

  @Test
  void stateIsGoneAfterTheRetention() {
    start();
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    send(1, Talks.end("t", 1));
    drain();
    assertThat(driver.getKeyValueStore("sessions").get("t")).isNotNull();
    assertThat(keys("memories")).isEmpty();
    send(OPTIONS.retention().toSeconds() + 5.0, chunk("other", 0, "Somebody else speaks now."));
    drain();
    assertThat(driver.getKeyValueStore("sessions").get("t")).isNull();
  }

  @Test
  void withItsStateTheSummaryLeavesTheTopicIfThatIsWanted() {
    options =
        SummaryOptions.from(
            Settings.defaults().with(GistreamOptions.SESSION_RETENTION_TOMBSTONE, "true", "test"));
    start();
    send(0, chunk("t", 0, "We ship the new release on Friday."));
    send(1, Talks.end("t", 1));
    drain();
    send(OPTIONS.retention().toSeconds() + 5.0, chunk("other", 0, "Somebody else speaks now."));
    driver.advanceWallClockTime(Duration.ofMillis(50));
    List<TestRecord<byte[], byte[]>> records = summaries.readRecordsToList();
    assertThat(records)
        .filteredOn(record -> record.value() == null)
        .singleElement()
        .satisfies(
            tombstone -> {
              assertThat(tombstone.key()).isEqualTo("t".getBytes(UTF_8));
              assertThat(tombstone.timestamp())
                  .isEqualTo(NOON.plusSeconds(1).plus(OPTIONS.retention()).toEpochMilli());
            });
  }

  @Test
  void nothingStaysInTheInbox() {
    start();
    for (TranscriptChunk chunk : Talks.talk("t", 50, 1)) {
      send(chunk.getSequence(), chunk);
    }
    drain();
    assertThat(keys("inbox")).isEmpty();
  }

  /** Keys of a store as text, of which the stream id is the beginning. */
  private List<String> keys(String store) {
    List<String> keys = new ArrayList<>();
    try (var all = driver.getKeyValueStore(store).all()) {
      all.forEachRemaining(
          entry ->
              keys.add(
                  entry.key instanceof Bytes bytes
                      ? new String(bytes.get(), ISO_8859_1)
                      : entry.key.toString()));
    }
    return keys;
  }

  @Test
  void aNullValueErasesTheStream() {
    start();
    for (String stream : List.of("erased", "erased2", "kept")) {
      for (TranscriptChunk chunk : Talks.talk(stream, 30, 1).subList(0, 29)) {
        send(chunk.getSequence(), chunk);
      }
    }
    send(30, chunk("erased", 40, "This waits for those before it."));
    drain();
    assertThat(keys("inbox")).isNotEmpty();
    send(31, chunk("erased", 29, "This is the last that is read."));
    send(31, "erased".getBytes(UTF_8), null);
    driver.advanceWallClockTime(Duration.ofMillis(50));
    List<TestRecord<byte[], byte[]>> records = summaries.readRecordsToList();
    TestRecord<byte[], byte[]> tombstone = records.get(records.size() - 1);
    assertThat(tombstone.key()).isEqualTo("erased".getBytes(UTF_8));
    assertThat(tombstone.value()).isNull();
    assertThat(records.subList(0, records.size() - 1))
        .as("what came before the erasure is still told")
        .isNotEmpty()
        .allMatch(record -> record.value() != null);
    assertThat(keys("sessions")).containsExactlyInAnyOrder("erased2", "kept");
    assertThat(keys("memories")).noneMatch(key -> key.startsWith("erased\0")).hasSizeGreaterThan(2);
    assertThat(keys("inbox")).isEmpty();

    send(32, chunk("erased", 0, "Another talk begins under the same name."));
    RollingSummary anew = drain().get(0);
    assertThat(anew.getRevision()).isEqualTo(1);
    assertThat(anew.getEpoch()).isZero();
  }

  @Test
  void aCorrectionThatComesTooLateIsADeadLetterAndARepetitionIsNot() {
    start();
    List<TranscriptChunk> talk = Talks.talk("t", 60, 1);
    for (TranscriptChunk chunk : talk.subList(0, 59)) {
      send(chunk.getSequence(), chunk);
    }
    drain();
    send(60, talk.get(2));
    TranscriptChunk late = chunk("t", 2, "That was never said.");
    send(60, late);
    assertThat(drain()).isEmpty();
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).value()).isEqualTo(codec.encode(late));
    assertThat(header(letters.get(0), "__streams.errors.message")).contains("correction.horizon");
  }

  @Test
  void theMemoryIsWrittenOnlyWithItsCheckpoints() {
    start();
    for (TranscriptChunk chunk : Talks.talk("t", 60, 1).subList(0, 59)) {
      send(chunk.getSequence(), chunk);
    }
    drain();
    String checkpoint = "t\0c";
    assertThat(keys("memories")).contains(checkpoint);
    long heard = keys("memories").stream().filter(key -> !key.equals(checkpoint)).count();
    assertThat(heard).isBetween(1L, 40L);
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
