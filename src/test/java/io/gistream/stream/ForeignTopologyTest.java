package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.session.Talks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The summarizer as a step in somebody else's topology: their topics, their format, their names.
 */
class ForeignTopologyTest {
  @TempDir private Path stateDirectory;

  @Test
  void aCallCentreReadsItsOwnFormatAndWritesPlainText() {
    try (SummaryModel model = Talks.tinyModel()) {
      StreamsBuilder builder = new StreamsBuilder();
      KStream<byte[], Emission> emissions =
          builder.stream(
                  "calls", Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("calls"))
              .process(
                  RollingSummarizerSupplier.of(model)
                      .withDecoder((key, value, headers) -> pipeSeparated(value))
                      .withOptions(SummaryOptions.defaults().withBudgetWords(30))
                      .withStores(StoreNames.withPrefix("call-")),
                  Named.as("summarize-call"));
      GistreamTopology.summaries(emissions, "call-summary")
          .mapValues(summary -> summary.getText(), Named.as("text-only"))
          .to("call-notes", Produced.with(Serdes.ByteArray(), Serdes.String()).withName("notes"));
      GistreamTopology.deadLetters(emissions, "unreadable-call")
          .to(
              "call-errors",
              Produced.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("errors"));

      Properties config = new Properties();
      config.put(StreamsConfig.APPLICATION_ID_CONFIG, "call-centre");
      config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
      config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
      config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
      try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), config)) {
        TestInputTopic<String, String> calls =
            driver.createInputTopic("calls", new StringSerializer(), new StringSerializer());
        TestOutputTopic<String, String> notes =
            driver.createOutputTopic(
                "call-notes", new StringDeserializer(), new StringDeserializer());
        TestOutputTopic<String, String> errors =
            driver.createOutputTopic(
                "call-errors", new StringDeserializer(), new StringDeserializer());

        calls.pipeInput("call-7", "call-7|0|My invoice from March shows the wrong address.");
        calls.pipeInput("call-7", "no such format");
        calls.pipeInput("call-7", "call-7|1|Please send a new invoice to Lisbon by Monday.");
        driver.advanceWallClockTime(Duration.ofMillis(50));

        List<String> texts = notes.readValuesToList();
        assertThat(texts).hasSize(2);
        assertThat(texts.get(1)).contains("Lisbon");
        assertThat(errors.readValuesToList()).containsExactly("no such format");
        assertThat(driver.getAllStateStores().keySet())
            .containsExactlyInAnyOrder("call-sessions", "call-memories", "call-inbox");
      }
    }
  }

  private static TranscriptChunk pipeSeparated(byte[] value) {
    String[] parts = new String(value, UTF_8).split("\\|", 3);
    return new TranscriptChunk(
        parts[0],
        Long.parseLong(parts[1]),
        parts[2],
        null,
        null,
        null,
        ChunkStatus.CONFIRMED,
        false,
        Map.of());
  }
}
