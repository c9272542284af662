package io.gistream.stream;

import static io.gistream.session.Talks.chunk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
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
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream thread comes back to its broker in time, however slow the model is. */
class PacingTest {
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path stateDirectory;

  /** Takes longer for anything than {@link #SHORT} allows. */
  private static SegmentReader slow(SegmentReader reader) {
    return reads -> {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return reader.read(reads);
    };
  }

  private static final BatchOptions SHORT =
      new BatchOptions(1, Duration.ofMillis(10), Duration.ofMillis(1), 1 << 20, 1 << 20, 8 << 20);

  @Test
  void finalSummariesOfAQuietTopicAreGivenABudgetAtATime() {
    int streams = 30;
    try (SummaryModel model = Talks.tinyModel();
        TopologyTestDriver driver = driver(supplier(model, SHORT))) {
      ByteArraySerializer bytes = new ByteArraySerializer();
      TestInputTopic<byte[], byte[]> chunks =
          driver.createInputTopic("chunks", bytes, bytes, NOON, Duration.ZERO);
      ByteArrayDeserializer read = new ByteArrayDeserializer();
      TestOutputTopic<byte[], byte[]> summaries = driver.createOutputTopic("summaries", read, read);
      for (int s = 0; s < streams; s++) {
        String id = "s" + s;
        chunks.pipeInput(
            id.getBytes(UTF_8), AvroCodec.chunk().encode(chunk(id, 0, "We ship it on Friday.")));
      }
      List<RollingSummary> all = new ArrayList<>();
      while (all.size() < streams) {
        driver.advanceWallClockTime(Duration.ofMillis(10));
        all.addAll(decode(summaries));
      }
      assertThat(all).noneMatch(RollingSummary::getFinal$);

      driver.advanceWallClockTime(OPTIONS.idleTimeout().plusSeconds(2));
      List<RollingSummary> finals = new ArrayList<>(decode(summaries));
      assertThat(finals).hasSizeLessThan(streams);
      for (int i = 0; i < streams; i++) {
        driver.advanceWallClockTime(Duration.ofMillis(10));
        finals.addAll(decode(summaries));
      }
      assertThat(finals).allMatch(RollingSummary::getFinal$);
      assertThat(finals.stream().map(RollingSummary::getStreamId))
          .hasSize(streams)
          .doesNotHaveDuplicates();
    }
  }

  private static List<RollingSummary> decode(TestOutputTopic<byte[], byte[]> summaries) {
    return summaries.readValuesToList().stream().map(AvroCodec.summary()::decode).toList();
  }

  /** The budget is enough for all chunks, the share of it that a hundredth task has is not. */
  @Test
  void aTaskAmongManyThatAreBusyDoesNotTakeTheWholeBudget() {
    BatchOptions ample =
        new BatchOptions(
            4, Duration.ofMillis(10), Duration.ofSeconds(1), 1 << 20, 1 << 20, 8 << 20);
    int count = 14;
    try (SummaryModel model = Talks.tinyModel()) {
      RollingSummarizerSupplier supplier = supplier(model, ample);
      for (int i = 0; i < 99; i++) {
        supplier.shared().busy().begin();
      }
      try (TopologyTestDriver driver = driver(supplier)) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        TestInputTopic<byte[], byte[]> chunks =
            driver.createInputTopic("chunks", bytes, bytes, NOON, Duration.ZERO);
        ByteArrayDeserializer read = new ByteArrayDeserializer();
        TestOutputTopic<byte[], byte[]> summaries =
            driver.createOutputTopic("summaries", read, read);
        for (TranscriptChunk chunk : Talks.talk("t", count, 1)) {
          chunks.pipeInput("t".getBytes(UTF_8), AvroCodec.chunk().encode(chunk));
        }
        driver.advanceWallClockTime(Duration.ofMillis(10));
        List<RollingSummary> given = new ArrayList<>(decode(summaries));
        assertThat(given).isNotEmpty().hasSizeLessThan(count);
        for (int i = 0; i < count; i++) {
          driver.advanceWallClockTime(Duration.ofMillis(10));
          given.addAll(decode(summaries));
        }
        assertThat(given).hasSize(count);
      }
    }
  }

  private static RollingSummarizerSupplier supplier(SummaryModel model, BatchOptions batching) {
    return RollingSummarizerSupplier.of(model)
        .withOptions(OPTIONS)
        .withBatching(batching)
        .withReading(PacingTest::slow);
  }

  private TopologyTestDriver driver(RollingSummarizerSupplier supplier) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "pacing");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    return new TopologyTestDriver(
        GistreamTopology.build(new TopicNames("chunks", "summaries", "dead-letters"), supplier),
        config,
        NOON);
  }

  @Test
  void tasksOfOneThreadShareItsTime() throws InterruptedException {
    BusyTasks busy = new BusyTasks();
    assertThat(busy.onThisThread()).isEqualTo(1);
    BusyTasks.Work first = busy.begin();
    BusyTasks.Work second = busy.begin();
    Thread other = new Thread(busy::begin);
    other.start();
    other.join();
    assertThat(busy.onThisThread()).isEqualTo(2);
    Thread closing = new Thread(first::end);
    closing.start();
    closing.join();
    assertThat(busy.onThisThread()).isEqualTo(1);
    second.end();
    assertThat(busy.onThisThread()).isEqualTo(1);
  }

  @Test
  void headroomIsThatOfTheConsumersOfTheGroup() {
    assertThat(GistreamStreams.pollHeadroom(List.of(), 1000)).isEqualTo(1);
    assertThat(
            GistreamStreams.pollHeadroom(
                List.of(
                    polled("g-StreamThread-1-consumer", 250.0),
                    polled("g-StreamThread-2-consumer", 400.0),
                    polled("g-StreamThread-3-consumer", Double.NaN),
                    polled("g-StreamThread-1-restore-consumer", 3_600_000.0)),
                1000))
        .isEqualTo(0.6);
  }

  private static Metric polled(String client, double millis) {
    MetricName name =
        new MetricName(
            "time-between-poll-max", "consumer-metrics", "", Map.of("client-id", client));
    return new Metric() {
      @Override
      public MetricName metricName() {
        return name;
      }

      @Override
      public Object metricValue() {
        return millis;
      }
    };
  }
}
