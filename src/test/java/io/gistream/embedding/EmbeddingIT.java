package io.gistream.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.model.SummaryModel;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Outcome;
import io.gistream.session.Said;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topology of {@code docs/embedding.md} with a broker, exactly once and the bundled model,
 * killed in the middle: a committed reader of the ticker sees each line once, and each is what the
 * model alone says.
 */
@Timeout(300)
class EmbeddingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CHANNELS = List.of("news", "weather", "parliament");
  private static final int LINES = 24;

  /** Topics forget what is a week old. */
  private static final long BEGIN = System.currentTimeMillis() - 600_000;

  @TempDir private Path directory;

  private EmbeddedBroker broker;
  private Process service;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("subtitles", 2, (short) 1),
                  new NewTopic("ticker", 2, (short) 1),
                  new NewTopic("subtitles-rejected", 1, (short) 1)))
          .all()
          .get();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (service != null) {
      service.destroyForcibly().waitFor();
    }
    broker.close();
  }

  @Test
  void aKillInTheMiddleIsNotSeenInTheTicker() throws Exception {
    List<String> said = said();
    service = service();
    send(said, 0, LINES / 2);
    await("ticker", CHANNELS.size() * LINES / 3);
    service.destroyForcibly().waitFor();
    send(said, LINES / 2, LINES);
    service = service();

    int all = CHANNELS.size() * LINES;
    Map<String, List<String>> ticker = await("ticker", all);
    assertThat(ticker).isEqualTo(reference(said));
    assertThat(await("subtitles-rejected", 1)).isEqualTo(Map.of("news", List.of("no JSON at all")));
    // what comes twice comes late: nothing is added once all have been seen
    assertThat(await("ticker", all)).isEqualTo(ticker);
  }

  private Process service() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            SubtitleService.class.getName(),
            broker.bootstrapServers(),
            directory.resolve("state").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("service.log").toFile()))
        .start();
  }

  /** Sentences of a real meeting. */
  private static List<String> said() throws IOException {
    List<String> texts = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                EmbeddingIT.class.getResourceAsStream("/demo/meeting.jsonl"), UTF_8))) {
      for (int i = 0; i < LINES + CHANNELS.size(); i++) {
        texts.add(JSON.readTree(lines.readLine()).required("text").asText());
      }
    }
    return texts;
  }

  /** Each channel is another part of the meeting. */
  private static String line(List<String> said, int channel, int number) {
    return said.get(channel + number);
  }

  private void send(List<String> said, int from, int to) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = from; i < to; i++) {
        for (int c = 0; c < CHANNELS.size(); c++) {
          String subtitle =
              JSON.writeValueAsString(
                  Map.of(
                      "no",
                      i,
                      "line",
                      line(said, c, i),
                      "from",
                      i * 5,
                      "to",
                      i * 5 + 5,
                      "last",
                      i == LINES - 1));
          producer.send(
              new ProducerRecord<>("subtitles", null, time(i), CHANNELS.get(c), subtitle));
          if (c == 0) {
            producer.send(new ProducerRecord<>("subtitles", null, time(i), "news+1", subtitle));
          }
        }
        if (i == LINES / 2) {
          producer.send(new ProducerRecord<>("subtitles", null, time(i), "news", "no JSON at all"));
        }
      }
    }
  }

  private static long time(int number) {
    return BEGIN + number * 5_000L;
  }

  /** What the model says of each channel, without Kafka. */
  private static Map<String, List<String>> reference(List<String> said) {
    Map<String, List<String>> lines = new TreeMap<>();
    try (SummaryModel model = SummaryModel.bundled()) {
      for (int c = 0; c < CHANNELS.size(); c++) {
        String channel = CHANNELS.get(c);
        LocalSummarizer talk = new LocalSummarizer(channel, model, SummaryOptions.defaults());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
          TranscriptChunk chunk =
              new TranscriptChunk(
                  channel,
                  (long) i,
                  line(said, c, i),
                  null,
                  i * 5_000L,
                  (i + 1) * 5_000L,
                  ChunkStatus.CONFIRMED,
                  i == LINES - 1,
                  Map.of());
          for (Outcome outcome : talk.accept(new Said.Plain(chunk, time(i)))) {
            if (outcome instanceof Outcome.Revised revised) {
              texts.add(revised.summary().getText());
            }
          }
        }
        assertThat(texts).as("a line for each subtitle").hasSize(LINES);
        assertThat(Set.copyOf(texts)).as("that grow").hasSizeGreaterThan(LINES / 4);
        lines.put(channel, texts);
      }
    }
    return lines;
  }

  /**
   * Committed values by key, in the order of the topic, once there are so many and no more come.
   */
  private Map<String, List<String>> await(String topic, int count) {
    Map<String, List<String>> byKey = new TreeMap<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(it -> new TopicPartition(topic, it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      int found = 0;
      int quietPolls = 0;
      while (found < count || quietPolls < 3) {
        int before = found;
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
          byKey.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(record.value());
          found++;
        }
        quietPolls = found == before ? quietPolls + 1 : 0;
      }
    }
    return byKey;
  }
}
