package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.Gistream;
import io.gistream.avro.TranscriptChunk;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another model meets the state of the one before. */
@Timeout(400)
class ModelChangeIT {
  private static final int CHUNKS = 20;

  @TempDir private Path directory;

  @Test
  void anotherModelStopsWithAMessageOrBuildsItsOwnState() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      prepare(broker);
      Process first = run(broker, "tiny", "fail", "first.log");
      await(broker, "tiny/", CHUNKS);
      first.destroy();
      assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();

      Process refused = run(broker, "tiny-none", "fail", "refused.log");
      assertThat(refused.waitFor(90, TimeUnit.SECONDS)).as("stops by itself").isTrue();
      assertThat(refused.exitValue()).isEqualTo(1);
      assertThat(Files.readString(directory.resolve("refused.log")))
          .contains("was written by model", "on-model-change=rebuild");

      Process rebuilt = run(broker, "tiny-none", "rebuild", "rebuilt.log");
      // the whole talk once more, as the new model tells it
      await(broker, "tiny-none/", CHUNKS);
      rebuilt.destroy();
      assertThat(rebuilt.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void severalInstancesRebuildTheStateOnceAndAllOfThemGoOn() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      prepare(broker);
      Process before = run(broker, "tiny", "fail", "before.log");
      await(broker, "tiny/", CHUNKS);
      before.destroy();
      assertThat(before.waitFor(60, TimeUnit.SECONDS)).isTrue();

      List<Process> instances = new ArrayList<>();
      for (String name : List.of("one", "two")) {
        instances.add(run(broker, "tiny-none", "rebuild", name + ".log", directory.resolve(name)));
      }
      await(broker, "tiny-none/", CHUNKS);
      try (ConsumerGroups groups =
          ConsumerGroups.connect(
              Map.of("bootstrap.servers", broker.bootstrapServers()), Duration.ofSeconds(15))) {
        while (groups.members("gistream") < 2) { // the class has a timeout
          Thread.sleep(200);
        }
      }
      for (Process instance : instances) {
        assertThat(instance.isAlive()).isTrue();
        instance.destroy();
        assertThat(instance.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(count(broker, "tiny-none/")).as("summarised once").isEqualTo(CHUNKS);
    }
  }

  private static void prepare(EmbeddedBroker broker) {
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Topics topics = Topics.connect(client, Duration.ofSeconds(15))) {
      topics.create(
          new TopicLayout("chunks", "summaries", "dead-letters", 1, 1, Duration.ofDays(1), 1 << 20)
              .topics());
    }
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
      long begin = System.currentTimeMillis() - 600_000;
      // the talk goes on: state of one that has ended is no model's business
      for (TranscriptChunk chunk : Talks.talk("t", CHUNKS + 1, 1).subList(0, CHUNKS)) {
        producer.send(
            new ProducerRecord<>(
                "chunks",
                null,
                begin + chunk.getSequence() * 1000,
                "t",
                AvroCodec.chunk().encode(chunk)));
      }
    }
  }

  private Process run(EmbeddedBroker broker, String model, String onModelChange, String log)
      throws IOException {
    return run(broker, model, onModelChange, log, directory.resolve("state"));
  }

  private Process run(
      EmbeddedBroker broker, String model, String onModelChange, String log, Path state)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Gistream.class.getName(), "run"));
    command.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    command.addAll(List.of("--input-topic", "chunks", "--output-topic", "summaries"));
    command.addAll(List.of("--error-topic", "dead-letters"));
    command.addAll(List.of("--set", "state.dir=" + state));
    command.addAll(
        List.of(
            "--set", "model.path=" + Path.of("src/test/resources/models", model).toAbsolutePath()));
    command.addAll(List.of("--set", "on-model-change=" + onModelChange));
    command.addAll(List.of("--set", "http.port=0"));
    File output = directory.resolve(log).toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
  }

  /** Waits until so many committed summaries name a model. */
  private static void await(EmbeddedBroker broker, String model, int count)
      throws InterruptedException {
    while (count(broker, model) < count) {
      Thread.sleep(500);
    }
  }

  private static long count(EmbeddedBroker broker, String model) {
    AtomicLong found = new AtomicLong();
    try (CommittedRecords records =
        CommittedRecords.connect(
            Map.of("bootstrap.servers", broker.bootstrapServers()), Duration.ofSeconds(15))) {
      records
          .settledEnds(records.partitions("summaries"))
          .forEach(
              (partition, end) ->
                  records.read(
                      partition,
                      0,
                      end,
                      record -> {
                        byte[] name = record.headers().lastHeader("gistream-model").value();
                        found.addAndGet(new String(name, UTF_8).startsWith(model) ? 1 : 0);
                      }));
    }
    return found.get();
  }
}
