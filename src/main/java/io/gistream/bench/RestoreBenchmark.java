package io.gistream.bench;

import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * How long it takes to be back with the state of many streams: from the changelogs, from the local
 * disk, and when another instance has kept a copy (KIP-441). Each of the streams has a memory.
 */
public final class RestoreBenchmark {
  private static final int CHUNKS = 3;
  private static final int PARTITIONS = 6;

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int streams;
  private final IntConsumer progress;

  /**
   * @param texts what is said; every chunk is a segment of its own here
   * @param streams how many have state
   * @param progress hears of each percent done
   */
  public RestoreBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int streams,
      IntConsumer progress) {
    this.model = model;
    this.options = options;
    this.talk = new Talk(texts);
    this.streams = streams;
    this.progress = progress;
  }

  public BenchResult run() throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    Map<String, String> setup = new LinkedHashMap<>();
    try (BenchCluster cluster = BenchCluster.start(PARTITIONS)) {
      GistreamStreams first = run(cluster, "first", 0);
      fill(cluster);
      first.close();
      double megabytes = 0;
      for (String store : List.of("sessions", "memories", "inbox")) {
        megabytes += cluster.logBytes("restore-" + store + "-changelog") / 1e6;
      }
      setup.put("changelogs", "%.0f MB on the broker's disk".formatted(megabytes));

      rows.add(Row.of("state on disk", timed(cluster, "first", CHUNKS)));
      progress.accept(70);
      cluster.wipe("first");
      rows.add(Row.of("state wiped", timed(cluster, "first", CHUNKS + 1)));
      progress.accept(80);
      rows.add(Row.of("standby takes over", takenOver(cluster, CHUNKS + 2)));
      progress.accept(100);
    }
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put("streams", "%d, each with %d chunks and a checkpoint".formatted(streams, CHUNKS));
    return new BenchResult(
        "restore",
        "Back at work with the state of many streams",
        Machine.describe(),
        setup,
        List.of(
            new Column("runningSeconds", "s to RUNNING", 1),
            new Column("firstSummarySeconds", "s to the next summary", 1)),
        rows);
  }

  /** Every chunk a segment, every segment a checkpoint: so each stream has all it can have. */
  private SummaryOptions everyChunkCounts() {
    return options.withSegmentTokens(1, options.segmentMaxTokens()).withCheckpoints(1, 0);
  }

  private GistreamStreams run(BenchCluster cluster, String name, int standbys)
      throws InterruptedException {
    return cluster.run("restore", name, model, everyChunkCounts(), standbys, Map.of());
  }

  private void fill(BenchCluster cluster) {
    long begin = System.currentTimeMillis() - 600_000;
    for (int i = 0; i < CHUNKS; i++) {
      for (int s = 0; s < streams; s++) {
        cluster.send(talk.chunk("talk-" + s, s, i, false), begin + i * Talk.CHUNK_MILLIS);
      }
      cluster.flush();
      cluster.await(streams);
      progress.accept(60 * (i + 1) / CHUNKS);
    }
  }

  private double[] timed(BenchCluster cluster, String name, int sequence)
      throws InterruptedException {
    long began = System.nanoTime();
    try (GistreamStreams running = run(cluster, name, 0)) {
      double up = seconds(began);
      next(cluster, sequence);
      return new double[] {up, seconds(began)};
    }
  }

  private double[] takenOver(BenchCluster cluster, int sequence) throws InterruptedException {
    GistreamStreams first = run(cluster, "first", 1);
    try (GistreamStreams second = run(cluster, "second", 1)) {
      while (!hasCopies(second) || !second.awaitRunning(Duration.ofMinutes(1))) {
        Thread.sleep(200);
      }
      long began = System.nanoTime();
      first.close();
      next(cluster, sequence);
      double summary = seconds(began);
      second.awaitRunning(Duration.ofMinutes(1));
      return new double[] {Math.min(summary, seconds(began)), summary};
    } finally {
      first.close();
    }
  }

  /** Whether an instance has all there is to have, as owner or as standby. */
  private static boolean hasCopies(GistreamStreams streams) {
    var lags = streams.kafkaStreams().allLocalStorePartitionLags();
    return !lags.isEmpty()
        && lags.values().stream()
            .allMatch(
                store ->
                    store.size() == PARTITIONS
                        && store.values().stream().allMatch(lag -> lag.offsetLag() == 0));
  }

  private void next(BenchCluster cluster, int sequence) {
    // one for each partition, so that all of them are back
    for (int s = 0; s < Math.min(streams, 10 * PARTITIONS); s++) {
      cluster.send(talk.chunk("talk-" + s, s, sequence, false), System.currentTimeMillis() - 1000);
    }
    cluster.flush();
    cluster.await(Math.min(streams, 10 * PARTITIONS));
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
