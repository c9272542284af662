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
import org.apache.kafka.streams.KafkaStreams;

/**
 * How long it takes to be back with the state of many streams: cold from the changelogs, which is
 * the baseline, from the local disk, and when another instance has kept a copy (KIP-441). Each of
 * the streams has a memory.
 */
public final class RestoreBenchmark {
  private static final long MARKER = 1;
  private static final int PARTITIONS = 6;
  private static final int REPEATS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Streams that go on when state is back: enough that each partition has some. */
  private static final int GOING_ON = 10 * PARTITIONS;

  static final List<Column> COLUMNS =
      List.of(
          new Column("runningSeconds", "s to RUNNING", 1),
          new Column("firstSummarySeconds", "s to the next summary", 1),
          new Column("runningOverCold", "RUNNING over cold", 2));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int streams;
  private final int chunks;
  private final IntConsumer progress;
  private int said;

  /**
   * @param texts what is said; every chunk is a segment of its own here
   * @param streams how many have state
   * @param chunks of each of them before the first restart
   * @param progress hears of each percent done
   */
  public RestoreBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int streams,
      int chunks,
      IntConsumer progress) {
    this.model = model;
    // every chunk a segment, every segment a checkpoint: so each stream has all it can have
    this.options = options.withSegmentTokens(1, options.segmentMaxTokens()).withCheckpoints(1, 0);
    this.talk = new Talk(texts);
    this.streams = streams;
    this.chunks = chunks;
    this.progress = progress;
  }

  /** What one restart took. */
  private record Times(double running, double summary) {}

  public BenchResult run() throws InterruptedException {
    List<Times> cold = new ArrayList<>();
    List<Times> disk = new ArrayList<>();
    List<Times> standby = new ArrayList<>();
    double megabytes = 0;
    try (BenchCluster cluster = BenchCluster.start(PARTITIONS)) {
      fill(cluster);
      for (String store : List.of("sessions", "memories", "inbox")) {
        megabytes += cluster.logBytes("restore-" + store + "-changelog") / 1e6;
      }
      for (int i = 0; i < REPEATS; i++) {
        cluster.wipe("first");
        cold.add(restarted(cluster));
        disk.add(restarted(cluster));
        cluster.wipe("second");
        standby.add(takenOver(cluster));
        progress.accept(60 + 40 * (i + 1) / REPEATS);
      }
    }
    double baseline = running(cold);
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "streams",
        "%d in %d partitions, each with a memory and %d chunks heard"
            .formatted(streams, PARTITIONS, chunks));
    setup.put("changelogs", "%.0f MB on the broker's disk".formatted(megabytes));
    setup.put("repeats", REPEATS + ", medians shown");
    return new BenchResult(
        "restore",
        "Back at work with the state of many streams",
        Machine.describe(),
        setup,
        COLUMNS,
        List.of(
            row("cold: no state on disk", cold, baseline),
            row("state on disk", disk, baseline),
            row("standby takes over", standby, baseline)));
  }

  private static double running(List<Times> times) {
    return Statistics.median(times.stream().mapToDouble(Times::running).toArray());
  }

  private static Row row(String label, List<Times> times, double baseline) {
    return Row.of(
        label,
        running(times),
        Statistics.median(times.stream().mapToDouble(Times::summary).toArray()),
        Statistics.ratio(running(times), baseline));
  }

  private GistreamStreams start(BenchCluster cluster, String name, int standbys)
      throws InterruptedException {
    return cluster.run("restore", name, model, options, standbys, Map.of());
  }

  private void fill(BenchCluster cluster) throws InterruptedException {
    long begin = System.currentTimeMillis() - 600_000;
    try (GistreamStreams first = start(cluster, "first", 0)) {
      for (; said < chunks; said++) {
        for (int s = 0; s < streams; s++) {
          cluster.send(talk.chunk("talk-" + s, s, said, false), begin + said * Talk.CHUNK_MILLIS);
        }
        cluster.flush();
        cluster.await(streams);
        progress.accept(60 * (said + 1) / chunks);
      }
    }
  }

  /** From the start of an instance that finds what lies in its directory. */
  private Times restarted(BenchCluster cluster) throws InterruptedException {
    long began = System.nanoTime();
    try (GistreamStreams running = start(cluster, "first", 0)) {
      double up = seconds(began);
      goOn(cluster);
      return new Times(up, seconds(began));
    }
  }

  /** From the moment an instance is told to leave until the one with the copy has taken over. */
  private Times takenOver(BenchCluster cluster) throws InterruptedException {
    try (GistreamStreams first = start(cluster, "first", 1);
        GistreamStreams second = start(cluster, "second", 1)) {
      await(second, RestoreBenchmark::hasCopies);
      long began = System.nanoTime();
      first.close();
      await(second, RestoreBenchmark::hasAll);
      double up = seconds(began);
      goOn(cluster);
      return new Times(up, seconds(began));
    }
  }

  private interface Condition {
    boolean isMet(KafkaStreams streams);
  }

  private static void await(GistreamStreams streams, Condition condition)
      throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.isMet(streams.kafkaStreams())) {
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException("the standby did not get there within " + PATIENCE);
      }
      Thread.sleep(10);
    }
  }

  /**
   * Whether an instance has all there is to have, as owner or as standby. A copy counts as one
   * behind when it is not: the marker that ends the last transaction is no record to be copied.
   */
  private static boolean hasCopies(KafkaStreams streams) {
    var lags = streams.allLocalStorePartitionLags();
    return streams.state() == KafkaStreams.State.RUNNING
        && !lags.isEmpty()
        && lags.values().stream()
            .allMatch(
                store ->
                    store.size() == PARTITIONS
                        && store.values().stream().allMatch(lag -> lag.offsetLag() <= MARKER));
  }

  private static boolean hasAll(KafkaStreams streams) {
    return streams.state() == KafkaStreams.State.RUNNING
        && streams.metadataForLocalThreads().stream()
                .mapToInt(thread -> thread.activeTasks().size())
                .sum()
            == PARTITIONS;
  }

  private void goOn(BenchCluster cluster) {
    int some = Math.min(streams, GOING_ON);
    for (int s = 0; s < some; s++) {
      cluster.send(talk.chunk("talk-" + s, s, said, false), System.currentTimeMillis() - 1000);
    }
    said++;
    cluster.flush();
    cluster.await(some);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
