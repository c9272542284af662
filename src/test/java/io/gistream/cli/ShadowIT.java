package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.avro.TranscriptChunk;
import io.gistream.cli.InProcess.Result;
import io.gistream.config.Settings;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A new model follows the chunks of a service that runs, as docs/replay.md tells how. */
@Timeout(300)
class ShadowIT {
  private static final int STREAMS = 5;
  private static final int CHUNKS = 24;
  private static final String LIVE = "src/test/resources/models/tiny";
  private static final String SHADOW = "src/test/resources/models/tiny-none";
  private static final List<String> SHADOW_TOPICS =
      List.of(
          "--set",
          "topics.summaries=shadow-summaries",
          "--set",
          "topics.dead-letters=shadow-dead-letters");

  @TempDir private Path directory;

  @Test
  void aShadowSummarisesTheSameTopicAndADiffSaysWhatIsDifferent() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      List<String> cluster = List.of("--bootstrap-servers", broker.bootstrapServers());
      List<String> shadow =
          join(cluster, SHADOW_TOPICS, List.of("--set", "application.id=gistream-shadow"));
      assertThat(run("topics", cluster).exitCode()).isZero();
      assertThat(run("topics", join(cluster, SHADOW_TOPICS)).exitCode()).isZero();
      try (RunningService live = service(broker, "live", LIVE)) {
        say(broker, 0, CHUNKS / 2);
        awaitSummaries(broker, "gistream.summaries", STREAMS * CHUNKS / 2);
        try (RunningService follower =
            service(
                broker,
                "shadow",
                SHADOW,
                "application.id=gistream-shadow",
                "topics.summaries=shadow-summaries",
                "topics.dead-letters=shadow-dead-letters")) {
          say(broker, CHUNKS / 2, CHUNKS);
          awaitSummaries(broker, "gistream.summaries", STREAMS * CHUNKS);
          awaitSummaries(broker, "shadow-summaries", STREAMS * CHUNKS);
          assertThat(follower.streams().hasFailed()).isFalse();
        }
        assertThat(live.streams().hasFailed()).isFalse();
      }

      assertThat(run("replay", join(cluster, List.of("--verify", "--model", LIVE))).out())
          .contains("equal, byte for byte");
      assertThat(run("replay", join(shadow, List.of("--verify", "--model", SHADOW))).out())
          .contains("equal, byte for byte");
      Result diff =
          run("replay", join(cluster, List.of("--diff", "shadow-summaries", "--format", "json")));
      assertThat(diff.exitCode()).isZero();
      JsonNode report = JsonMapper.builder().build().readTree(diff.out()).get("diff");
      assertThat(report.get("leftTopic").asText()).isEqualTo("gistream.summaries");
      assertThat(report.get("rightTopic").asText()).isEqualTo("shadow-summaries");
      assertThat(report.get("onlyLeft")).isEmpty();
      assertThat(report.get("onlyRight")).isEmpty();
      assertThat(report.get("streams")).isNotEmpty();
    }
  }

  @SafeVarargs
  private static List<String> join(List<String>... parts) {
    List<String> all = new ArrayList<>();
    for (List<String> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private static Result run(String command, List<String> arguments) {
    return InProcess.run(join(List.of(command), arguments).toArray(String[]::new));
  }

  private RunningService service(EmbeddedBroker broker, String name, String model, String... more) {
    List<String> settings =
        join(
            List.of(
                "bootstrap.servers=" + broker.bootstrapServers(),
                "model.path=" + model,
                "state.dir=" + directory.resolve(name),
                "http.port=0"),
            List.of(more));
    return RunningService.start(Settings.load(settings, Map.of(), null), () -> {});
  }

  private static void say(EmbeddedBroker broker, int from, int to) {
    long begin = System.currentTimeMillis() - 600_000;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = from; i < to; i++) {
        for (int s = 0; s < STREAMS; s++) {
          TranscriptChunk chunk = Talks.talk("stream-" + s, CHUNKS, s).get(i);
          producer.send(
              new ProducerRecord<>(
                  "gistream.chunks",
                  null,
                  begin + i * 1000L,
                  chunk.getStreamId().getBytes(UTF_8),
                  AvroCodec.chunk().encode(chunk)));
        }
      }
    }
  }

  private static void awaitSummaries(EmbeddedBroker broker, String topic, int count)
      throws InterruptedException {
    Settings settings =
        Settings.load(List.of("bootstrap.servers=" + broker.bootstrapServers()), Map.of(), null);
    try (CommittedRecords records = Cluster.records(settings)) {
      for (int found = 0; found < count; Thread.sleep(200)) {
        AtomicInteger now = new AtomicInteger();
        records
            .ends(records.partitions(topic))
            .forEach((it, end) -> records.read(it, 0, end, record -> now.incrementAndGet()));
        found = now.get();
      }
    }
  }
}
