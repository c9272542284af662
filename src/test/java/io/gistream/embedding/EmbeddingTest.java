package io.gistream.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.model.SummaryModel;
import io.gistream.session.Talks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/embedding.md} work, and the page shows them as they are. */
class EmbeddingTest {
  private static final Pattern SHOWN =
      Pattern.compile("<!-- (\\w+)\\.java: (\\w+) -->\\s*```java\\n(.*?)```", Pattern.DOTALL);

  private static SummaryModel model;

  @TempDir Path state;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyModel();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  @Test
  void somebodyElsesTopicsAndRecords() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "broadcaster");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    Instant noon = Instant.parse("2026-11-26T12:00:00Z");
    try (TopologyTestDriver driver =
        new TopologyTestDriver(SubtitleSummaries.topology(model), config, noon)) {
      TestInputTopic<String, String> subtitles =
          driver.createInputTopic(
              "subtitles", new StringSerializer(), new StringSerializer(), noon, Duration.ZERO);
      TestOutputTopic<String, String> ticker =
          driver.createOutputTopic("ticker", new StringDeserializer(), new StringDeserializer());
      TestOutputTopic<byte[], byte[]> rejected =
          driver.createOutputTopic(
              "subtitles-rejected", new ByteArrayDeserializer(), new ByteArrayDeserializer());
      subtitles.pipeInput(
          "news",
          "{\"no\": 0, \"line\": \"We should ship the new release on Friday if the tests pass.\","
              + " \"from\": 0, \"to\": 5}");
      subtitles.pipeInput("news+1", "{\"no\": 0, \"line\": \"A rerun.\", \"from\": 0, \"to\": 5}");
      subtitles.pipeInput("news", "no JSON at all");
      driver.advanceWallClockTime(Duration.ofMillis(50));
      KeyValue<String, String> line = ticker.readKeyValue();
      assertThat(line.key).isEqualTo("news");
      assertThat(line.value).contains("ship the new release on Friday");
      assertThat(ticker.isEmpty()).isTrue();
      TestRecord<byte[], byte[]> letter = rejected.readRecord();
      assertThat(new String(letter.value(), UTF_8)).isEqualTo("no JSON at all");
      assertThat(driver.getAllStateStores()).containsKey("subtitle-sessions");
    }
  }

  @Test
  void aPlainProgram() {
    String summary =
        ReadAloud.summary(
            model,
            List.of(
                "We should ship the new release on Friday if the tests pass.",
                "The customer asked for a smaller remote control with fewer buttons."));
    assertThat(summary).contains("Friday").contains("buttons");
  }

  @Test
  void thePageShowsTheCodeThatIsTested() throws IOException {
    Matcher shown = SHOWN.matcher(Files.readString(Path.of("docs/embedding.md")));
    int found = 0;
    while (shown.find()) {
      String code =
          Files.readString(
              Path.of("src/test/java/io/gistream/embedding/" + shown.group(1) + ".java"));
      String name = shown.group(2);
      Matcher between =
          Pattern.compile("// begin " + name + "\\n(.*?) *// end " + name, Pattern.DOTALL)
              .matcher(code);
      assertThat(between.find()).as(name).isTrue();
      assertThat(shown.group(3))
          .as(name)
          .isEqualTo(between.group(1).stripTrailing().stripIndent() + "\n");
      found++;
    }
    assertThat(found).isEqualTo(3);
  }
}
