package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.Gistream;
import io.gistream.avro.TranscriptChunk;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
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
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Gistream.class.getName(), "run"));
    command.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    command.addAll(List.of("--input-topic", "chunks", "--output-topic", "summaries"));
    command.addAll(List.of("--error-topic", "dead-letters"));
    command.addAll(List.of("--set", "state.dir=" + directory.resolve("state")));
    command.addAll(
        List.of(
            "--set", "model.path=" + Path.of("src/test/resources/models", model).toAbsolutePath()));
    command.addAll(List.of("--set", "on-model-change=" + onModelChange));
    command.addAll(List.of("--set", "http.port=0"));
    File output = directory.resolve(log).toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
  }

  /** Waits until so many committed summaries name a model. */
  private static void await(EmbeddedBroker broker, String model, int count) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition("summaries", 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      int found = 0;
      while (found < count) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          byte[] name = record.headers().lastHeader("gistream-model").value();
          found += new String(name, UTF_8).startsWith(model) ? 1 : 0;
        }
      }
    }
  }
}
