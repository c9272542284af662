package io.gistream.cli;

import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.draft;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.replay.ExpectedSummary;
import io.gistream.replay.ReferenceFold;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.LiveStreams.NotReadyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One chunks topic, read in every way it can be: threads, instances, batches, checkpoints and
 * caches change nothing that is written, to the byte.
 */
@Timeout(300)
class DeterminismIT {
  private static final int STREAMS = 30;
  private static final int CHUNKS = 20;
  private static final long BEGIN = System.currentTimeMillis() - Duration.ofHours(1).toMillis();

  private static EmbeddedBroker broker;

  /** By stream, in the order of the topic. */
  private static Map<String, List<String>> fp32;

  @TempDir private static Path directory;

  @BeforeAll
  static void fillTheTopic() {
    broker = EmbeddedBroker.start();
    Settings settings = settings("reference", List.of());
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
    produce();
    fp32 = reference(settings);
    assertThat(fp32).hasSize(STREAMS);
    assertThat(fp32.values().stream().mapToInt(List::size).sum()).isGreaterThan(STREAMS * CHUNKS);
  }

  @AfterAll
  static void stopTheBroker() {
    broker.close();
  }

  private static Settings settings(String name, List<String> more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "application.id=" + name,
                "bootstrap.servers=" + broker.bootstrapServers(),
                "topics.chunks=chunks",
                "topics.summaries=" + name + "-summaries",
                "topics.dead-letters=" + name + "-dead-letters",
                "topics.partitions=4",
                "model.path=src/test/resources/models/tiny",
                // many segments, so that there are checkpoints
                "segment.min-tokens=32"));
    all.addAll(more);
    return Settings.load(all, Map.of(), null);
  }

  /** Every kind of disorder, in one order for all. */
  private static void produce() {
    Random random = new Random(17);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < CHUNKS; i++) {
        for (int s = 0; s < STREAMS; s++) {
          String stream = "stream-" + s;
          List<TranscriptChunk> talk = Talks.talk(stream, s % 3 == 0 ? CHUNKS : CHUNKS + 1, s);
          long time = BEGIN + i * 4_000L + s;
          boolean lost = false;
          switch (random.nextInt(9)) {
            case 0 -> send(producer, time, draft(stream, i, "Something like that, I mean."));
            case 1 -> {
              send(producer, time, draft(stream, i, "So the decision is."));
              send(producer, time, draft(stream, i, "So the decision is to wait for it."));
            }
            case 2 -> send(producer, time, talk.get(i));
            case 3 -> {
              if (i + 1 < CHUNKS) {
                send(producer, time, talk.get(i + 1)); // before its turn
              }
            }
            case 4 -> lost = i > 0 && i < CHUNKS - 1;
            case 5 -> {
              long back = Math.max(0, i - 1 - random.nextInt(3));
              send(producer, time, chunk(stream, back, "No, it was said like that: " + i + "."));
            }
            case 6 -> send(producer, time, stream, new byte[] {7, 7, 7});
            case 7 -> {
              if (i > 3) {
                send(producer, time, talk.get(i - 3)); // once more, or what fills a gap
              }
            }
            default -> {}
          }
          if (!lost) {
            send(producer, time, talk.get(i));
          }
        }
      }
      for (int s = 0; s < STREAMS; s += 5) {
        String stream = "stream-" + s;
        long time = BEGIN + CHUNKS * 4_000L + s;
        send(producer, time, draft(stream, CHUNKS, "And then there is."));
        send(producer, time, chunk(stream, CHUNKS, "And then there is the budget of the year."));
        if (s % 10 == 0) {
          send(producer, time + 1, stream, null); // erased, and it begins anew
          send(producer, time + 2, chunk(stream, 0, "Nobody knows what was said before this."));
        }
      }
    }
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, long time, TranscriptChunk chunk) {
    send(producer, time, chunk.getStreamId(), AvroCodec.chunk().encode(chunk));
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, long time, String key, byte @Nullable [] value) {
    producer.send(new ProducerRecord<>("chunks", null, time, key.getBytes(UTF_8), value));
  }

  private static Map<String, List<String>> reference(Settings settings) {
    Map<String, List<String>> byStream = new TreeMap<>();
    try (SummaryModel model = Models.load(settings);
        CommittedRecords records = Cluster.records(settings)) {
      records
          .ends(records.partitions("chunks"))
          .forEach(
              (partition, end) -> {
                ReferenceFold fold = new ReferenceFold(model, SummaryOptions.from(settings));
                records.read(
                    partition,
                    0,
                    end,
                    record -> {
                      for (ExpectedSummary it : fold.accept(record)) {
                        add(byStream, it.key(), it.value(), it.timestamp(), it.headers());
                      }
                    });
              });
    }
    return byStream;
  }

  private static void add(
      Map<String, List<String>> byStream,
      byte[] key,
      byte @Nullable [] value,
      long timestamp,
      Headers headers) {
    StringBuilder line = new StringBuilder();
    line.append(value == null ? "tombstone" : HexFormat.of().formatHex(value));
    line.append(" at ").append(timestamp);
    for (Header header : headers) {
      line.append(' ').append(header.key()).append('=').append(new String(header.value(), UTF_8));
    }
    byStream.computeIfAbsent(new String(key, UTF_8), id -> new ArrayList<>()).add(line.toString());
  }

  @ParameterizedTest
  @CsvSource({
    // name, threads, instances, batch, checkpoint interval, caches, precision
    "single, 1, 1, 1, 1, 0B, fp32",
    "threads, 4, 1, 7, 16, 128MiB, fp32",
    "batched, 1, 1, 64, 16, 0B, fp32",
    "wide, 4, 1, 64, 1, 128MiB, fp32",
    "spread, 1, 3, 7, 1, 0B, fp32",
    "everything, 4, 3, 64, 16, 1MiB, fp32",
    "rounded, 4, 1, 64, 16, 1MiB, int8",
  })
  void theBytesAreThoseOfOneThreadWithoutKafkaStreams(
      String name,
      int threads,
      int instances,
      int batch,
      int interval,
      String cache,
      String precision)
      throws Exception {
    List<String> way =
        List.of(
            "stream.threads=" + threads,
            "batch.max-segments=" + batch,
            "memory.checkpoint-interval=" + interval,
            "memory.cache-size=" + cache,
            "model.cache-size=" + cache,
            "model.precision=" + precision);
    Settings settings = settings(name, way);
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
    List<GistreamStreams> running = new ArrayList<>();
    try (SummaryModel model = Models.load(settings)) {
      try {
        for (int i = 0; i < instances; i++) {
          Settings own =
              settings.with(
                  GistreamOptions.STATE_DIR, directory.resolve(name + "-" + i).toString(), "test");
          GistreamStreams streams =
              new GistreamStreams(
                  Cluster.streamOptions(own),
                  SummaryOptions.from(own),
                  BatchOptions.from(own),
                  model);
          running.add(streams);
          streams.start(() -> {});
        }
        awaitTheEnd(settings, running);
      } finally {
        for (GistreamStreams streams : running) {
          assertThat(streams.leave()).isTrue();
        }
      }
    }
    Map<String, List<String>> written = written(settings);
    Map<String, List<String>> expected = precision.equals("fp32") ? fp32 : reference(settings);
    assertThat(expected.equals(fp32)).isEqualTo(precision.equals("fp32"));
    assertThat(written.keySet()).isEqualTo(expected.keySet());
    // one by one, so that a difference can be looked at
    expected.forEach(
        (stream, summaries) -> assertThat(written.get(stream)).as(stream).isEqualTo(summaries));
  }

  private static void awaitTheEnd(Settings settings, List<GistreamStreams> running)
      throws InterruptedException {
    try (ConsumerGroups groups = Cluster.groups(settings);
        CommittedRecords records = Cluster.records(settings)) {
      Map<TopicPartition, Long> ends = records.ends(records.partitions("chunks"));
      String application = settings.get(GistreamOptions.APPLICATION_ID);
      while (!groups.committed(application).equals(ends)
          || running.stream().anyMatch(DeterminismIT::isBehind)) {
        Thread.sleep(100);
      }
    }
  }

  private static boolean isBehind(GistreamStreams streams) {
    try {
      return !streams.restored() || streams.isBehind();
    } catch (NotReadyException e) {
      return true;
    }
  }

  private static Map<String, List<String>> written(Settings settings) {
    Map<String, List<String>> byStream = new TreeMap<>();
    try (CommittedRecords records = Cluster.records(settings)) {
      List<TopicPartition> partitions =
          records.partitions(settings.get(GistreamOptions.TOPICS_SUMMARIES));
      records
          .settledEnds(partitions)
          .forEach(
              (partition, end) ->
                  records.read(
                      partition,
                      0,
                      end,
                      record ->
                          add(
                              byStream,
                              record.key(),
                              record.value(),
                              record.timestamp(),
                              record.headers())));
    }
    return byStream;
  }
}
