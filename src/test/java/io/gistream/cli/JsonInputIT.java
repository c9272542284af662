package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.config.Settings;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.serde.AvroCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A topic that others made for themselves is summarised, and masked, as it is. */
@Timeout(300)
class JsonInputIT {
  @TempDir private Path directory;

  @Test
  void aTopicOfOtherJsonIsSummarisedAndMasked() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Settings settings =
          Settings.load(
              List.of(
                  "bootstrap.servers=" + broker.bootstrapServers(),
                  "topics.chunks=calls",
                  "topics.partitions=2",
                  "state.dir=" + directory.resolve("state"),
                  "http.port=0",
                  "model.path=src/test/resources/models/tiny",
                  "input.format=json",
                  "input.json.text=/body/text",
                  "input.json.sequence=/n",
                  "input.json.speaker=/agent/name",
                  "input.json.start=/from",
                  "input.json.end=",
                  "input.json.time-unit=seconds",
                  "input.json.end-of-stream=/hangup",
                  "redaction.patterns=email,phone"),
              Map.of(),
              null);
      try (Topics topics = Cluster.topics(settings)) {
        topics.create(TopicLayout.of(settings).topics());
      }
      RunningService service = RunningService.start(settings, () -> {});
      try {
        assertThat(service.streams().awaitRunning(Duration.ofMinutes(2))).isTrue();
        say(settings, 0, "We ship the new release on Friday, says ada@example.com.", false);
        say(settings, 1, "The customer can be reached at +49 30 901820 on Monday.", true);
        RollingSummary summary = await(settings);
        assertThat(summary.getText()).contains("[email]");
        assertThat(summary.getText()).doesNotContain("example.com").doesNotContain("901820");
        assertThat(summary.getSentences().get(0).getSource().getSpeakers()).contains("Zoë");
        assertThat(summary.getStartMillis()).isEqualTo(1500);
      } finally {
        service.close();
      }
    }
  }

  private static void say(Settings settings, int number, String text, boolean last)
      throws Exception {
    String json =
        """
        {"kind": "utterance", "n": %d, "from": %d.5, "agent": {"name": "Zoë", "id": 7},
         "body": {"text": "%s"}, "hangup": %b}\
        """
            .formatted(number, number + 1, text, last);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Cluster.clientConfig(settings),
            new StringSerializer(),
            new org.apache.kafka.common.serialization.ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("calls", "call-1", json.getBytes(UTF_8))).get();
    }
  }

  private static RollingSummary await(Settings settings) {
    try (SummaryListener listener =
        new SummaryListener(
            Cluster.clientConfig(settings), AvroCodec.summary(), "gistream.summaries")) {
      return listener.listen("call-1", Duration.ofMinutes(2), summary -> {}).orElseThrow();
    }
  }
}
