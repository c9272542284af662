package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Said;
import io.gistream.session.Talks;
import io.gistream.stream.ChunkIntake.Arrival;
import io.gistream.stream.ChunkIntake.Taken;
import io.gistream.stream.StateSizeCheck.Sizes;
import io.gistream.stream.StreamOptions.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile records by the thousand, with talks of good faith between them. {@code -Dfuzz.records}
 * says how many, {@code -Dfuzz.seed} which.
 */
class HostileRecordsTest {
  private static final int RECORDS = Integer.getInteger("fuzz.records", 3_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261122L);
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final int HEALTHY_EVERY = 10;
  private static final int DRAIN_EVERY = 25;
  private static final List<String> HEALTHY =
      List.of("healthy one", "healthy two", "healthy three");

  private final SummaryOptions options = SummaryOptions.defaults();
  private final ChunkIntake intake =
      new ChunkIntake(ChunkDecoder.singleObject(), options.maxCharacters());
  @TempDir private Path stateDirectory;

  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> chunks;
  private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();

  // what became of each record, by its offset

  private final Map<Long, Sent> rejected = new HashMap<>();
  private final Set<Long> good = new HashSet<>();
  private final Set<Long> summarised = new HashSet<>();
  private final Map<Long, String> lettersOfGood = new TreeMap<>();
  private int erasures;
  private int swallowed;
  private int tombstones;
  private int lost;
  private final Map<String, Integer> largest = new TreeMap<>();
  private final Map<String, List<RollingSummary>> told = new HashMap<>();

  private record Sent(int key, int value, long timestamp) {
    static Sent of(byte[] key, byte[] value, long timestamp) {
      return new Sent(Arrays.hashCode(key), Arrays.hashCode(value), timestamp);
    }
  }

  @Test
  void everyRecordIsAccountedForAndNobodyElseIsDisturbed() {
    try (SummaryModel model = Talks.tinyModel()) {
      start(model);
      Map<String, List<RollingSummary>> expected = sendAll(model);
      assertThat(told.keySet()).containsAll(HEALTHY);
      for (String stream : HEALTHY) {
        assertThat(told.get(stream)).as(stream).isEqualTo(expected.get(stream));
      }
      checkAccounts();
      checkSizes(StateSizeCheck.sizes(model, options));
    } finally {
      if (driver != null) {
        driver.close();
      }
    }
  }

  private void start(SummaryModel model) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    driver =
        new TopologyTestDriver(
            GistreamTopology.build(
                new TopicNames("chunks", "summaries", "dead-letters"),
                RollingSummarizerSupplier.of(model)
                    .withOptions(options)
                    .withBatching(BatchOptions.defaults())),
            config,
            NOON);
    ByteArraySerializer bytes = new ByteArraySerializer();
    chunks = driver.createInputTopic("chunks", bytes, bytes);
    for (String topic :
        List.of(
            "summaries",
            "dead-letters",
            "test-sessions-changelog",
            "test-memories-changelog",
            "test-inbox-changelog")) {
      outputs.put(
          topic,
          driver.createOutputTopic(
              topic, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }
  }

  /** Sends the records; returns what the healthy streams say when they are alone. */
  private Map<String, List<RollingSummary>> sendAll(SummaryModel model) {
    HostileRecords hostile = new HostileRecords(SEED, NOON);
    Map<String, List<RollingSummary>> expected = new HashMap<>();
    List<List<TranscriptChunk>> talks = new ArrayList<>();
    List<LocalSummarizer> alone = new ArrayList<>();
    for (String stream : HEALTHY) {
      talks.add(Talks.talk(stream, 1 + RECORDS / HEALTHY_EVERY / HEALTHY.size(), stream.length()));
      alone.add(new LocalSummarizer(stream, model, options));
      expected.put(stream, new ArrayList<>());
    }
    long offset = 0;
    int healthy = 0;
    Instant now = NOON;
    for (int i = 0; i < RECORDS; i++) {
      TestRecord<byte[], byte[]> record = hostile.next(now);
      send(offset++, record);
      if (i % HEALTHY_EVERY == 0) {
        int s = healthy % HEALTHY.size();
        TranscriptChunk chunk = talks.get(s).get(healthy / HEALTHY.size());
        healthy++;
        send(
            offset++,
            new TestRecord<>(
                HEALTHY.get(s).getBytes(UTF_8),
                AvroCodec.chunk().encode(chunk),
                new RecordHeaders(),
                now.toEpochMilli()));
        expected
            .get(HEALTHY.get(s))
            .addAll(
                Talks.summaries(alone.get(s).accept(new Said.Plain(chunk, now.toEpochMilli()))));
      }
      if (i % DRAIN_EVERY == 0) {
        drain();
        now = now.plusMillis(50);
      }
    }
    drain();
    return expected;
  }

  private void send(long offset, TestRecord<byte[], byte[]> record) {
    Taken taken =
        intake.take(
            new Arrival(
                "chunks",
                0,
                offset,
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers()));
    if (taken.problem() != null) {
      rejected.put(offset, Sent.of(record.key(), record.value(), record.timestamp()));
      if (taken.chunk() != null) {
        lost++;
      }
    } else if (taken.chunk() != null) {
      good.add(offset);
    } else {
      erasures++;
      drain();
      swallowed += inbox(taken.erased()).size();
    }
    chunks.pipeInput(record);
  }

  private List<InboxEntry> inbox(String streamId) {
    byte[] prefix = (streamId + "\0").getBytes(UTF_8);
    List<InboxEntry> entries = new ArrayList<>();
    KeyValueStore<Bytes, InboxEntry> store = driver.getKeyValueStore("inbox");
    try (var all = store.all()) {
      all.forEachRemaining(
          entry -> {
            byte[] key = entry.key.get();
            if (streamId.isEmpty()
                || Arrays.equals(
                    key, 0, Math.min(key.length, prefix.length), prefix, 0, prefix.length)) {
              if (!entry.value.getLost()) {
                entries.add(entry.value);
              }
            }
          });
    }
    return entries;
  }

  /** Until nothing is queued; what waits for a predecessor stays. */
  private void drain() {
    do {
      driver.advanceWallClockTime(Duration.ofMillis(50));
    } while (isQueued());
    read();
  }

  private boolean isQueued() {
    KeyValueStore<Bytes, InboxEntry> store = driver.getKeyValueStore("inbox");
    try (var all = store.all()) {
      while (all.hasNext()) {
        byte[] key = all.next().key.get();
        if (key[key.length - Long.BYTES - 1] == 'q') {
          return true;
        }
      }
      return false;
    }
  }

  private void read() {
    for (TestRecord<byte[], byte[]> record : take("summaries")) {
      if (record.value() == null) {
        tombstones++;
        continue;
      }
      RollingSummary summary = AvroCodec.summary().decode(record.value());
      String id = header(record, "ce_id");
      if (id.startsWith("chunks-0-")) {
        summarised.add(Long.parseLong(id.substring("chunks-0-".length())));
      }
      if (HEALTHY.contains(summary.getStreamId())) {
        told.computeIfAbsent(summary.getStreamId(), stream -> new ArrayList<>()).add(summary);
      }
      largest.merge(
          "summary",
          (int) OutputHeaders.size(record.key(), record.value(), record.headers()),
          Math::max);
    }
    for (TestRecord<byte[], byte[]> letter : take("dead-letters")) {
      long offset = Long.parseLong(header(letter, "__streams.errors.offset"));
      String reason = header(letter, "__streams.errors.message");
      assertThat(reason).isNotBlank();
      Sent sent = rejected.remove(offset);
      if (sent == null) {
        assertThat(good).contains(offset);
        assertThat(lettersOfGood.put(offset, header(letter, "__streams.errors.exception")))
            .isNull();
      } else {
        assertThat(Sent.of(letter.key(), letter.value(), letter.timestamp())).isEqualTo(sent);
      }
    }
    for (String kind : List.of("sessions", "memories", "inbox")) {
      for (TestRecord<byte[], byte[]> record : take("test-" + kind + "-changelog")) {
        int size = (int) OutputHeaders.size(record.key(), record.value(), new RecordHeaders());
        largest.merge(kind, size, Math::max);
      }
    }
  }

  private List<TestRecord<byte[], byte[]>> take(String topic) {
    return outputs.get(topic).readRecordsToList();
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private void checkAccounts() {
    assertThat(rejected).as("offsets of records that left no trace").isEmpty();
    assertThat(tombstones).isEqualTo(erasures);
    assertThat(lettersOfGood.values())
        .as("chunks that no rule forbids are dead letters only for coming too late")
        .containsOnly(InvalidChunkException.class.getName());
    Set<Long> silent = new HashSet<>(good);
    silent.removeAll(summarised);
    silent.removeAll(lettersOfGood.keySet());
    int waiting = inbox("").size();
    int dropped = silent.size() - waiting - swallowed;
    // what comes to nothing is counted, with the late ones and places in the order of those
    // rejected
    int counted = (int) metric("dropped-chunk-total") - lettersOfGood.size();
    assertThat(dropped).isBetween(counted - lost, counted);
    assertThat(summarised.size())
        .as("told one by one; what waited is told in a final summary")
        .isGreaterThan(RECORDS / 8);
  }

  private double metric(String name) {
    return driver.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .mapToDouble(metric -> (Double) metric.getValue().metricValue())
        .sum();
  }

  private void checkSizes(Sizes sizes) {
    assertThat((long) largest.get("summary")).isLessThanOrEqualTo(sizes.summary());
    assertThat((long) largest.get("sessions")).isLessThanOrEqualTo(sizes.session());
    assertThat((long) largest.get("memories")).isLessThanOrEqualTo(sizes.memory());
    assertThat((long) largest.get("inbox")).isLessThanOrEqualTo(sizes.inbox());
  }
}
