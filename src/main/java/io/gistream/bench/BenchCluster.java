package io.gistream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.StreamOptions;
import io.gistream.stream.StreamOptions.TopicNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A broker in a process of its own, with Gistream's topics, and a producer and a committed reader
 * here, so that what is measured in this process is Gistream.
 */
final class BenchCluster implements AutoCloseable {
  private static final TopicNames TOPICS = new TopicNames("chunks", "summaries", "dead-letters");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process broker;
  private final String servers;
  private final Path directory;
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> committed;

  private BenchCluster(Process broker, String servers, Path directory, int partitions) {
    this.broker = broker;
    this.servers = servers;
    this.directory = directory;
    try (Topics topics = Topics.connect(Map.of("bootstrap.servers", servers), PATIENCE)) {
      topics.create(
          new TopicLayout(
                  TOPICS.chunks(),
                  TOPICS.summaries(),
                  TOPICS.deadLetters(),
                  partitions,
                  1,
                  TopicLayout.DEFAULT_RETENTION,
                  TopicLayout.DEFAULT_MAX_MESSAGE_BYTES)
              .topics());
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    committed =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                servers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      all.add(new TopicPartition(TOPICS.summaries(), p));
    }
    committed.assign(all);
    committed.seekToBeginning(all);
  }

  static BenchCluster start(int partitions) {
    Process broker = null;
    try {
      broker =
          new ProcessBuilder(GistreamProcess.command(List.of("-Xmx1g"), List.of("broker")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader out =
          new BufferedReader(new InputStreamReader(broker.getInputStream(), UTF_8));
      String servers = out.readLine();
      if (servers == null) {
        throw new IllegalStateException("the broker's process ended before it listened");
      }
      return new BenchCluster(
          broker, servers, Files.createTempDirectory("gistream-bench"), partitions);
    } catch (IOException | RuntimeException e) {
      if (broker != null) {
        broker.destroyForcibly();
      }
      throw e instanceof IOException io
          ? new UncheckedIOException("the broker cannot be started", io)
          : (RuntimeException) e;
    }
  }

  /** An instance that is running, its state under a directory of that name. */
  GistreamStreams run(
      String applicationId,
      String stateName,
      SummaryModel model,
      SummaryOptions options,
      int standbys,
      Map<String, String> kafkaConfig)
      throws InterruptedException {
    return started(
        new GistreamStreams(
            stream(applicationId, stateName, 1, standbys, kafkaConfig),
            options,
            BatchOptions.defaults(),
            model));
  }

  /**
   * An instance that is running, with so many threads.
   *
   * @param reading between the summarizer and the model's own readers
   */
  GistreamStreams run(
      String applicationId,
      int threads,
      SummaryModel model,
      SummaryOptions options,
      UnaryOperator<SegmentReader> reading)
      throws InterruptedException {
    return started(
        new GistreamStreams(
            stream(applicationId, applicationId, threads, 0, Map.of()),
            options,
            BatchOptions.defaults(),
            reading,
            model));
  }

  private StreamOptions stream(
      String applicationId,
      String stateName,
      int threads,
      int standbys,
      Map<String, String> kafkaConfig) {
    return new StreamOptions(
        applicationId,
        servers,
        TOPICS,
        threads,
        standbys,
        1,
        directory.resolve(stateName),
        kafkaConfig);
  }

  private static GistreamStreams started(GistreamStreams streams) throws InterruptedException {
    streams.start(() -> {});
    if (!streams.awaitRunning(PATIENCE)) {
      streams.close();
      throw new IllegalStateException("the streams did not start; the reason is in the log");
    }
    return streams;
  }

  void send(TranscriptChunk chunk, long timestamp) {
    send(chunk, timestamp, null);
  }

  /**
   * Sends a chunk.
   *
   * @param partition null for the one that the key chooses
   */
  void send(TranscriptChunk chunk, long timestamp, @Nullable Integer partition) {
    producer.send(
        new ProducerRecord<>(
            TOPICS.chunks(),
            partition,
            timestamp,
            chunk.getStreamId().getBytes(UTF_8),
            AvroCodec.chunk().encode(chunk)));
  }

  void flush() {
    producer.flush();
  }

  /** Committed summaries that came since the last call; waits a moment for one. */
  List<ConsumerRecord<byte[], byte[]>> committed() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    committed.poll(Duration.ofMillis(20)).forEach(records::add);
    return records;
  }

  /**
   * Waits until so many committed summaries have come.
   *
   * @throws IllegalStateException when none comes for minutes
   */
  void await(int count) {
    await(count, record -> true);
  }

  /**
   * Waits until so many talks have their committed final summary.
   *
   * @throws IllegalStateException when no summary comes for minutes
   */
  void awaitEnds(int talks) {
    await(talks, record -> AvroCodec.summary().decode(record.value()).getFinal$());
  }

  private void await(int count, Predicate<ConsumerRecord<byte[], byte[]>> counts) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    long found = 0;
    while (found < count) {
      List<ConsumerRecord<byte[], byte[]>> more = committed();
      found += more.stream().filter(counts).count();
      if (!more.isEmpty()) {
        until = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(
            "%d of %d summaries came, and then none for %s".formatted(found, count, PATIENCE));
      }
    }
  }

  /** Bytes of a topic's log on the broker's disk, compressed as it is. */
  long logBytes(String topic) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
          .flatMap(dirs -> dirs.values().stream())
          .flatMap(dir -> dir.replicaInfos().entrySet().stream())
          .filter(replica -> replica.getKey().topic().equals(topic))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker does not tell the size of " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Processor time of the broker since it began. */
  Duration brokerCpu() {
    return broker
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new UnsupportedOperationException("the broker's time is not told"));
  }

  /** Arguments by which a process of Gistream finds broker, topics and a place for its state. */
  List<String> arguments(String applicationId) {
    return List.of(
        "--bootstrap-servers",
        servers,
        "--application-id",
        applicationId,
        "--input-topics",
        TOPICS.chunks(),
        "--output-topic",
        TOPICS.summaries(),
        "--error-topic",
        TOPICS.deadLetters(),
        "--set",
        "state.dir=" + state(applicationId));
  }

  /** Where an instance keeps its state. */
  Path state(String stateName) {
    return directory.resolve(stateName);
  }

  /** Removes an instance's state from the disk. */
  void wipe(String stateName) {
    delete(state(stateName));
  }

  static long bytes(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // files come and go under a running store
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    committed.close();
    try {
      broker.getOutputStream().close();
      broker.onExit().join();
    } catch (IOException e) {
      broker.destroyForcibly();
    }
    delete(directory);
  }
}
