package io.gistream.stream;

import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.end;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
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
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the stream thread gets round to something must not show in what is written. */
class TimingTest {
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static SummaryModel model;
  @TempDir private Path directory;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyModel();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  private static final class Input {
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> topic;

    Input(TopologyTestDriver driver) {
      this.driver = driver;
      ByteArraySerializer bytes = new ByteArraySerializer();
      topic = driver.createInputTopic("chunks", bytes, bytes, NOON, Duration.ZERO);
    }

    void send(double seconds, TranscriptChunk chunk) {
      topic.pipeInput(
          chunk.getStreamId().getBytes(UTF_8),
          AvroCodec.chunk().encode(chunk),
          NOON.plusMillis(Math.round(seconds * 1000)));
    }

    void drain() {
      driver.advanceWallClockTime(Duration.ofMillis(50));
    }
  }

  /** Epoch, revision, finality and length of all summaries of stream t, in order. */
  private List<String> written(String name, Consumer<Input> script) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve(name).toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            GistreamTopology.build(
                new TopicNames("chunks", "summaries", "dead-letters"),
                RollingSummarizerSupplier.of(model).withOptions(OPTIONS)),
            config,
            NOON)) {
      Input input = new Input(driver);
      script.accept(input);
      input.drain();
      List<String> written = new ArrayList<>();
      ByteArrayDeserializer bytes = new ByteArrayDeserializer();
      for (byte[] value : driver.createOutputTopic("summaries", bytes, bytes).readValuesToList()) {
        RollingSummary it = AvroCodec.summary().decode(value);
        if (it.getStreamId().equals("t")) {
          written.add(
              "epoch %d revision %d%s: %s"
                  .formatted(
                      it.getEpoch(),
                      it.getRevision(),
                      it.getFinal$() ? " final" : "",
                      it.getText()));
        }
      }
      return written;
    }
  }

  /** A timer closes the talk while chunk 2 waits for chunk 1; then another talk begins. */
  @Test
  void aTalkThatIsClosedWhileAChunkWaitsGetsOneFinalSummary() {
    double later = OPTIONS.idleTimeout().toSeconds() + 5.0;
    List<String> written =
        written(
            "waiting",
            input -> {
              input.send(0, chunk("t", 0, "We ship the new release on Friday."));
              input.send(1, chunk("t", 2, "The budget is twelve thousand euros."));
              input.send(later, chunk("other", 0, "Somebody else speaks now."));
              input.drain();
              input.send(later + 1, chunk("t", 0, "Good morning, it is Monday."));
            });
    assertThat(written).doesNotHaveDuplicates();
    assertThat(written).filteredOn(it -> it.contains("epoch 0") && it.contains("final")).hasSize(1);
  }

  /** As above; the chunk that waits carries the end marker. */
  @Test
  void anEndMarkerThatWaitsIsToldOnce() {
    double later = OPTIONS.idleTimeout().toSeconds() + 5.0;
    List<String> written =
        written(
            "end",
            input -> {
              input.send(0, chunk("t", 0, "We ship the new release on Friday."));
              input.send(1, end("t", 2));
              input.send(later, chunk("other", 0, "Somebody else speaks now."));
              input.drain();
              input.send(later + 1, chunk("t", 0, "Good morning, it is Monday."));
            });
    assertThat(written).doesNotHaveDuplicates();
  }
}
