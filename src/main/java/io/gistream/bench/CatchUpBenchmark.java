package io.gistream.bench;

import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * How fast a backlog is worked off: talks that lie on the topic, as a replay finds them, against
 * the pace at which they were said.
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

  public BenchResult run() throws InterruptedException {
    try (BenchCluster cluster = BenchCluster.start(threads);
        GistreamStreams running =
            cluster.run(APPLICATION, threads, model, options, UnaryOperator.identity())) {
      int warm = Math.max(streams, chunks / 20);
      new Backlog(talk, 0, streams, warm).send(cluster);
      cluster.await(warm);
      progress.accept(5);
      long cpu = Clocks.processCpuNanos();
      long began = System.nanoTime();
      new Backlog(talk, streams, streams, chunks).send(cluster);
      cluster.await(chunks, done -> progress.accept(Math.min(100, 5 + 95 * done / chunks)));
      return result((System.nanoTime() - began) / 1e9, (Clocks.processCpuNanos() - cpu) / 1e9);
    }
  }

  private BenchResult result(double seconds, double cpuSeconds) {
    double said = chunks * Talk.CHUNK_MILLIS / 1e3;
    int cores = Math.min(threads, Runtime.getRuntime().availableProcessors());
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "backlog",
        "%d talks, %d chunks of ten seconds, about %.0f words"
            .formatted(streams, chunks, chunks * WORDS_PER_CHUNK));
    setup.put("threads", "%d, with a partition each; per core: of %d".formatted(threads, cores));
    setup.put(
        "guarantee", "exactly_once_v2; a summary at every chunk; the broker has the same cores");
    return new BenchResult(
        APPLICATION,
        "A backlog: how much faster than it was said",
        Machine.describe(),
        setup,
        COLUMNS,
        List.of(
            Row.of("as it was said", said, 1, 1, Double.NaN, chunks * WORDS_PER_CHUNK / said),
            Row.of(
                "Gistream",
                seconds,
                said / seconds,
                said / seconds / cores,
                cpuSeconds,
                chunks * WORDS_PER_CHUNK / seconds)));
  }
}
