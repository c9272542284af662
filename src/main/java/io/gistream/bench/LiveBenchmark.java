package io.gistream.bench;

import io.gistream.config.SummaryOptions;
import io.gistream.config.SummaryOptions.SummaryEvery;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * How many talks at real-time pace one machine keeps up with: a chunk of each every ten seconds,
 * 150 words a minute, spread evenly; time from the moment a chunk is sent to its summary as a
 * reader of committed records sees it; with a summary at every chunk, and with one at every
 * segment. The number of talks is doubled until the 99th percentile passes the limit, or halved
 * until it does not, then the gap is halved.
 */
public final class LiveBenchmark {
  private static final String APPLICATION = "live";

  /** Slowest that one in a hundred summaries may be. */
  public static final Duration LIMIT = Duration.ofMillis(500);

  /** How often the gap between what was kept up with and what was not is halved. */
  private static final int HALVINGS = 2;

  private static final Duration FIRST_SEGMENTS = Duration.ofSeconds(45);
  static final List<Column> COLUMNS =
      List.of(
          new Column("talks", "talks", 0),
          new Column("talksPerCore", "talks per core", 0),
          new Column("p50Millis", "p50 ms", 0),
          new Column("p99Millis", "p99 ms", 0),
          new Column("chunksPerSecond", "chunks/s", 1),
          new Column("summariesPerSecond", "summaries/s", 1),
          new Column("cpuCores", "cores busy, Gistream", 2),
          new Column("brokerCores", "cores busy, broker", 2),
          new Column("changelogBytesPerTalkMinute", "changelog bytes/talk minute", 0));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final List<SummaryEvery> ways;
  private final Talk talk;
  private final int seconds;
  private final int first;
  private final int threads;
  private final IntConsumer progress;
  private int firstTalk;

  /**
   * @param model with one thread
   * @param ways how often summaries come, one after the other
   * @param texts what is said
   * @param seconds how long each number of talks is watched, after a time to warm up
   * @param first number of talks to begin with
   * @param threads stream threads, with a partition each
   * @param progress hears of each percent done
   */
  public LiveBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<SummaryEvery> ways,
      List<String> texts,
      int seconds,
      int first,
      int threads,
      IntConsumer progress) {
    this.model = model;
    this.options = options;
    this.ways = List.copyOf(ways);
    this.talk = new Talk(texts);
    this.seconds = seconds;
    this.first = first;
    this.threads = threads;
    this.progress = progress;
  }

  /** One number of talks and what was seen. */
  private record Seen(int talks, Row row, boolean keptUp) {}

  public BenchResult run() throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      rows.addAll(rows(ways.get(i), search(options.withSummaryEvery(ways.get(i)))));
      progress.accept(100 * (i + 1) / ways.size());
    }
    return result(rows);
  }

  /** All numbers of talks that were tried. */
  private List<Seen> search(SummaryOptions every) throws InterruptedException {
    List<Seen> seen = new ArrayList<>();
    try (BenchCluster cluster = BenchCluster.start(threads);
        GistreamStreams running =
            cluster.run(APPLICATION, threads, model, every, UnaryOperator.identity())) {
      look(cluster, first); // warms up
      LargestLoad.search(
          first,
          HALVINGS,
          talks -> {
            Seen now = look(cluster, talks);
            seen.add(now);
            return now.keptUp();
          });
    }
    return seen;
  }

  private Seen look(BenchCluster cluster, int talks) {
    LiveLoad load = new LiveLoad(cluster, talk, firstTalk, talks);
    firstTalk += talks;
    load.speak(warmUp());
    load.measure();
    long changelogs = changelogBytes(cluster);
    long cpu = Clocks.processCpuNanos();
    Duration broker = cluster.brokerCpu();
    load.speak(Duration.ofSeconds(seconds));
    double cores = (Clocks.processCpuNanos() - cpu) / 1e9 / seconds;
    double brokerCores = cluster.brokerCpu().minus(broker).toNanos() / 1e9 / seconds;
    double bytes = changelogBytes(cluster) - changelogs;
    load.finish();
    NanoSamples delays = load.delays();
    boolean any = delays.count() > 0;
    return new Seen(
        talks,
        Row.of(
            "",
            talks,
            (double) talks / Runtime.getRuntime().availableProcessors(),
            any ? delays.p50() / 1e6 : Double.NaN,
            any ? delays.p99() / 1e6 : Double.NaN,
            (double) talks / Talk.CHUNK_MILLIS * 1000,
            (double) delays.count() / seconds,
            cores,
            brokerCores,
            bytes / (talks * seconds / 60.0)),
        any && load.isKeptUp() && delays.p99() <= LIMIT.toNanos());
  }

  /** Caches are cold, and it takes some chunks to fill the first segment of a talk. */
  private Duration warmUp() {
    Duration watched = Duration.ofSeconds(seconds);
    return watched.compareTo(FIRST_SEGMENTS) < 0 ? FIRST_SEGMENTS : watched;
  }

  private static List<Row> rows(SummaryEvery every, List<Seen> seen) {
    String what = "a summary every " + every.name().toLowerCase(Locale.ROOT);
    List<Row> rows = new ArrayList<>();
    seen.stream()
        .filter(Seen::keptUp)
        .max(Comparator.comparingInt(Seen::talks))
        .ifPresent(most -> rows.add(new Row(what + ", most kept up with", most.row().values())));
    seen.stream()
        .sorted(Comparator.comparingInt(Seen::talks))
        .map(
            one ->
                new Row(
                    "%s, %d talks%s".formatted(what, one.talks(), one.keptUp() ? "" : ": too many"),
                    one.row().values()))
        .forEach(rows::add);
    return rows;
  }

  private static long changelogBytes(BenchCluster cluster) {
    long bytes = 0;
    for (String store : List.of("sessions", "memories", "inbox")) {
      bytes += cluster.logBytes(APPLICATION + "-" + store + "-changelog");
    }
    return bytes;
  }

  private BenchResult result(List<Row> rows) {
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "pace",
        "a chunk of about 25 words every ten seconds of each talk; %d s to warm up and %d s watched for each number of talks"
            .formatted(warmUp().toSeconds(), seconds));
    setup.put(
        "kept up",
        "99 of 100 summaries within %d ms of the sending of the chunk that they follow, read committed, and no chunk left over"
            .formatted(LIMIT.toMillis()));
    setup.put(
        "machine shared",
        "%d stream threads with a partition each; broker, load and reader have the same cores"
            .formatted(threads));
    return new BenchResult(
        APPLICATION,
        "Live talks that one machine keeps up with",
        Machine.describe(),
        setup,
        COLUMNS,
        rows);
  }
}
