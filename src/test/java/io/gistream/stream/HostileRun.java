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
import io.gistream.stream.ChunkIntake.Arrival;
import io.gistream.stream.ChunkIntake.Taken;
import io.gistream.stream.StateSizeCheck.Sizes;
import io.gistream.stream.StreamOptions.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

/** The topology, fed with hostile records, and an account of what became of each of them. */
final class HostileRun implements AutoCloseable {
  private static final List<String> STORES = List.of("sessions", "memories", "inbox");

  private final String healthy;
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> chunks;
  private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();
  private final ChunkIntake intake;

  // what became of each record, by its offset

  private long offset;
  private final Map<Long, Sent> rejected = new HashMap<>();
  private final Set<Long> good = new HashSet<>();
  private final Set<Long> summarised = new HashSet<>();
  private final Map<Long, String> lettersOfGood = new TreeMap<>();
  private int erasures;
  private int swallowed;
  private int tombstones;
  private int lost;
  private final Map<String, Long> largest = new TreeMap<>();
  private final List<RollingSummary> told = new ArrayList<>();

  private record Sent(int key, int value, long timestamp) {
    static Sent of(byte[] key, byte[] value, long timestamp) {
      return new Sent(Arrays.hashCode(key), Arrays.hashCode(value), timestamp);
    }
  }

  /**
   * Starts the topology.
   *
   * @param healthy the stream whose summaries are kept
   */
  HostileRun(String healthy, SummaryModel model, SummaryOptions options, Instant noon) {
    this.healthy = healthy;
    this.intake = new ChunkIntake(ChunkDecoder.singleObject(), options.maxCharacters());
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory().toString());
    driver =
        new TopologyTestDriver(
            GistreamTopology.build(
                new TopicNames("chunks", "summaries", "dead-letters"),
                RollingSummarizerSupplier.of(model)
                    .withOptions(options)
                    .withBatching(BatchOptions.defaults())),
            config,
            noon);
    ByteArraySerializer bytes = new ByteArraySerializer();
    chunks = driver.createInputTopic("chunks", bytes, bytes);
    List<String> topics = new ArrayList<>(List.of("summaries", "dead-letters"));
    STORES.forEach(store -> topics.add("test-" + store + "-changelog"));
    for (String topic : topics) {
      outputs.put(
          topic,
          driver.createOutputTopic(
              topic, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }
  }

  /** The driver removes what it puts below. */
  private static Path stateDirectory() {
    try {
      return Files.createDirectories(Path.of("target", "hostile-records"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(TranscriptChunk chunk, Instant time) {
    send(
        new TestRecord<>(
            chunk.getStreamId().getBytes(UTF_8),
            AvroCodec.chunk().encode(chunk),
            new RecordHeaders(),
            time.toEpochMilli()));
  }

  void send(TestRecord<byte[], byte[]> record) {
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
    offset++;
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
  void drain() {
    do {
      driver.advanceWallClockTime(Duration.ofMillis(50));
    } while (isQueued());
    read();
  }

  private boolean isQueued() {
    KeyValueStore<Bytes, InboxEntry> store = driver.getKeyValueStore("inbox");
    try (var all = store.all()) {
      while (all.hasNext()) {
        if (Inbox.isOfQueued(all.next().key.get())) {
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
      if (summary.getStreamId().equals(healthy)) {
        told.add(summary);
      }
      largest.merge("summary", size(record), Math::max);
    }
    for (TestRecord<byte[], byte[]> letter : take("dead-letters")) {
      long of = Long.parseLong(header(letter, "__streams.errors.offset"));
      assertThat(header(letter, "__streams.errors.message")).isNotBlank();
      Sent sent = rejected.remove(of);
      if (sent == null) {
        assertThat(good).contains(of);
        assertThat(lettersOfGood.put(of, header(letter, "__streams.errors.exception"))).isNull();
      } else {
        assertThat(Sent.of(letter.key(), letter.value(), letter.timestamp())).isEqualTo(sent);
      }
    }
    for (String store : STORES) {
      for (TestRecord<byte[], byte[]> record : take("test-" + store + "-changelog")) {
        largest.merge(store, size(record), Math::max);
      }
    }
  }

  private static long size(TestRecord<byte[], byte[]> record) {
    return OutputHeaders.size(record.key(), record.value(), record.headers());
  }

  private List<TestRecord<byte[], byte[]>> take(String topic) {
    return outputs.get(topic).readRecordsToList();
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  /** What the healthy stream was told. */
  List<RollingSummary> told() {
    return told;
  }

  /** Records that are the reason of a summary of their own. */
  int summarised() {
    return summarised.size();
  }

  void checkAccounts() {
    assertThat(rejected).as("offsets of records that left no trace").isEmpty();
    assertThat(tombstones).isEqualTo(erasures);
    assertThat(new HashSet<>(lettersOfGood.values()))
        .as("chunks that no rule forbids are dead letters only for coming too late")
        .isSubsetOf(InvalidChunkException.class.getName());
    Set<Long> silent = new HashSet<>(good);
    silent.removeAll(summarised);
    silent.removeAll(lettersOfGood.keySet());
    int waiting = inbox("").size();
    int dropped = silent.size() - waiting - swallowed;
    // what comes to nothing is counted, with the late ones and places in the order of those
    // rejected
    int counted = (int) metric("dropped-chunk-total") - lettersOfGood.size();
    assertThat(dropped).isBetween(counted - lost, counted);
  }

  private double metric(String name) {
    return driver.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .mapToDouble(metric -> (Double) metric.getValue().metricValue())
        .sum();
  }

  void checkSizes(Sizes sizes) {
    Map.of(
            "summary", sizes.summary(),
            "sessions", sizes.session(),
            "memories", sizes.memory(),
            "inbox", sizes.inbox())
        .forEach(
            (kind, limit) ->
                assertThat(largest.getOrDefault(kind, 0L)).as(kind).isLessThanOrEqualTo(limit));
  }

  @Override
  public void close() {
    driver.close();
  }
}
