package io.gistream.bench;

import io.gistream.config.SummaryOptions;
import io.gistream.config.SummaryOptions.SummaryEvery;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * How fast a backlog is worked off: talks that lie on the topic, as a replay finds them, against
 * the pace at which they were said; with a summary at every chunk, and with one at every segment.
 */
public final class CatchUpBenchmark {
  private static final String APPLICATION = "catch-up";
  private static final double WORDS_PER_CHUNK = 25;
  static final List<Column> COLUMNS =
      List.of(
          new Column("seconds", "seconds", 1),
          new Column("timesRealTime", "x real time", 0),
          new Column("timesRealTimePerCore", "x real time per core", 0),
          new Column("cpuSeconds", "CPU s", 1),
          new Column("wordsPerSecond", "words/s", 0));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int streams;
  private final int chunks;
  private final int threads;
  private final IntConsumer progress;

  /**
   * @param model with one thread
   * @param texts what is said
   * @param streams talks in the backlog
   * @param words in all of them, about
   * @param threads stream threads, with a partition each
   * @param progress hears of each percent done
   */
  public CatchUpBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int streams,
      int words,
      int threads,
      IntConsumer progress) {
    this.model = model;
    this.options = options;
    this.talk = new Talk(texts);
    this.streams = streams;
    this.chunks = Math.max(streams, (int) (words / WORDS_PER_CHUNK));
    this.threads = threads;
    this.progress = progress;
  }

  /** What it took to read the whole backlog. */
  private record Spent(double seconds, double cpuSeconds) {}

  public BenchResult run() throws InterruptedException {
    Map<SummaryEvery, Spent> spent = new EnumMap<>(SummaryEvery.class);
    for (SummaryEvery every : SummaryEvery.values()) {
      spent.put(every, spent(every));
      progress.accept(100 * spent.size() / SummaryEvery.values().length);
    }
    return result(spent);
  }

  private Spent spent(SummaryEvery every) throws InterruptedException {
    SummaryOptions given = options.withSummaryEvery(every);
    try (BenchCluster cluster = BenchCluster.start(threads);
        GistreamStreams running =
            cluster.run(APPLICATION, threads, model, given, UnaryOperator.identity())) {
      new Backlog(talk, 0, streams, Math.max(streams, chunks / 20), true).send(cluster);
      cluster.awaitEnds(streams);
      long cpu = Clocks.processCpuNanos();
      long began = System.nanoTime();
      new Backlog(talk, streams, streams, chunks, true).send(cluster);
      cluster.awaitEnds(streams);
      return new Spent((System.nanoTime() - began) / 1e9, (Clocks.processCpuNanos() - cpu) / 1e9);
    }
  }

  private BenchResult result(Map<SummaryEvery, Spent> spent) {
    double said = chunks * Talk.CHUNK_MILLIS / 1e3;
    int cores = Math.min(threads, Runtime.getRuntime().availableProcessors());
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "backlog",
        "%d talks, %d chunks of ten seconds, about %.0f words"
            .formatted(streams, chunks, chunks * WORDS_PER_CHUNK));
    setup.put("threads", "%d, with a partition each; per core: of %d".formatted(threads, cores));
    setup.put("guarantee", "exactly_once_v2; the broker has the same cores");
    setup.put(
        "seconds", "from the first chunk sent to the final summary of the last talk, committed");
    List<Row> rows = new ArrayList<>();
    rows.add(Row.of("as it was said", said, 1, 1, Double.NaN, chunks * WORDS_PER_CHUNK / said));
    spent.forEach(
        (every, one) ->
            rows.add(
                Row.of(
                    "a summary every " + every.name().toLowerCase(Locale.ROOT),
                    one.seconds(),
                    said / one.seconds(),
                    said / one.seconds() / cores,
                    one.cpuSeconds(),
                    chunks * WORDS_PER_CHUNK / one.seconds())));
    return new BenchResult(
        APPLICATION,
        "A backlog: how much faster than it was said",
        Machine.describe(),
        setup,
        COLUMNS,
        rows);
  }
}
