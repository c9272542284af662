package io.gistream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.Gistream;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Outcome;
import io.gistream.session.Said;
import io.gistream.session.Talks;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A processor killed half-way, again and again, and started again: what a committed reader sees is
 * byte for byte what one left alone writes, and what the reference says that knows nothing of Kafka
 * Streams.
 */
@Timeout(300)
class CrashRecoveryIT {
  private static final int STREAMS = 10;
  private static final int CHUNKS = 60;
  private static final long BEGIN = System.currentTimeMillis() - 600_000;
  private static EmbeddedBroker broker;

  @TempDir private static Path directory;

  @BeforeAll
  static void fillTheTopic() throws Exception {
    broker = EmbeddedBroker.start();
    createTopics("calm");
    createTopics("stormy");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < CHUNKS; i++) {
        for (int s = 0; s < STREAMS; s++) {
          TranscriptChunk chunk = Talks.talk("stream-" + s, CHUNKS, s).get(i);
          producer.send(
              new ProducerRecord<>(
                  "chunks",
                  null,
                  BEGIN + i * 1000L,
                  chunk.getStreamId(),
                  AvroCodec.chunk().encode(chunk)));
        }
      }
    }
  }

  @AfterAll
  static void stopTheBroker() {
    broker.close();
  }

  private static void createTopics(String name) {
    try (Topics topics =
        Topics.connect(
            Map.of("bootstrap.servers", broker.bootstrapServers()), Duration.ofSeconds(15))) {
      topics.create(
          new TopicLayout(
                  "chunks", name + "-summaries", "dead-letters", 2, 1, Duration.ofDays(1), 1 << 20)
              .topics());
    }
  }

  @Test
  void aProcessorThatIsKilledAgainAndAgainWritesWhatOneLeftAloneWrites() throws Exception {
    Process calm = processor("calm");
    Map<String, List<String>> expected = awaitAll("calm");
    stop(calm);

    for (int kill = 1; kill <= 4; kill++) {
      Process stormy = processor("stormy");
      awaitAtLeast("stormy", kill * STREAMS * CHUNKS / 6);
      stormy.destroyForcibly().waitFor();
    }
    Process last = processor("stormy");
    Map<String, List<String>> found = awaitAll("stormy");
    stop(last);

    assertThat(found).isEqualTo(expected).isEqualTo(reference());
  }

  private static Map<String, List<String>> reference() {
    Map<String, List<String>> byStream = new TreeMap<>();
    try (SummaryModel model = Talks.tinyModel()) {
      for (int s = 0; s < STREAMS; s++) {
        LocalSummarizer summarizer =
            new LocalSummarizer("stream-" + s, model, SummaryOptions.defaults());
        List<String> summaries = new ArrayList<>();
        for (TranscriptChunk chunk : Talks.talk("stream-" + s, CHUNKS, s)) {
          long timestamp = BEGIN + chunk.getSequence() * 1000L;
          for (Outcome outcome : summarizer.accept(new Said.Plain(chunk, timestamp))) {
            RollingSummary summary = ((Outcome.Revised) outcome).summary();
            summaries.add(hex(AvroCodec.summary().encode(summary)));
          }
        }
        byStream.put("stream-" + s, summaries);
      }
    }
    return byStream;
  }

  private static Process processor(String name) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Gistream.class.getName());
    command.addAll(
        List.of(
            "run",
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "--application-id",
            name,
            "--input-topic",
            "chunks",
            "--output-topic",
            name + "-summaries",
            "--error-topic",
            "dead-letters",
            "--kafka-config",
            "session.timeout.ms=6000",
            "--set",
            "state.dir=" + directory.resolve(name),
            "--set",
            "model.path=" + Path.of("src/test/resources/models/tiny").toAbsolutePath(),
            "--set",
            "batch.max-segments=3",
            "--set",
            "http.port=0"));
    File log = directory.resolve(name + ".log").toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("stops when asked to").isTrue();
  }

  private static Map<String, List<String>> awaitAll(String name) {
    return awaitAtLeast(name, STREAMS * CHUNKS);
  }

  /** Committed summaries by stream, in the order of the topic, as soon as there are so many. */
  private static Map<String, List<String>> awaitAtLeast(String name, int count) {
    Map<String, List<String>> byStream = new TreeMap<>();
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
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition(name + "-summaries", 0),
              new TopicPartition(name + "-summaries", 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      int found = 0;
      int quietPolls = 0;
      // when all are wanted, look a little longer: a duplicate would come late
      while (found < count || (count == STREAMS * CHUNKS && quietPolls < 3)) {
        int before = found;
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          byStream.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(hex(record.value()));
          found++;
        }
        quietPolls = found == before ? quietPolls + 1 : 0;
      }
    }
    return byStream;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
