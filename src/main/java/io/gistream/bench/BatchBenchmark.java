package io.gistream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.Totals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What batches across talks are worth: so many talks are live at once, each saying its next thing
 * as soon as the last one is summarised, and never before. Segments a second of processor time, all
 * threads of the process together, and the batches that come about.
 */
public final class BatchBenchmark {
  private static final List<Integer> LIVE = List.of(1, 8, 64, 256);
  private static final String APPLICATION = "batch";

  /** Chunks of each talk that are not counted. */
  private static final int WARM = 2;

  static final List<Column> COLUMNS =
      List.of(
          new Column("segmentsPerCpuSecond", "segments/s per core", 1),
          new Column("overOne", "over 1 talk", 2),
          new Column("segmentsPerBatch", "segments/batch", 1),
          new Column("chunksPerSecond", "chunks/s", 1));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int chunks;
  private final IntConsumer progress;

  /**
   * @param model with one thread
   * @param texts what is said
   * @param chunks of all talks of a case together
   * @param progress hears of each percent done
   */
  public BatchBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int chunks,
      IntConsumer progress) {
    this.model = model;
    this.options = options;
    this.talk = new Talk(texts);
    this.chunks = chunks;
    this.progress = progress;
  }

  /** What was counted in one case. */
  private record Counted(
      int chunks, long segments, long batches, double cpuSeconds, double seconds) {}

  public BenchResult run() throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    try (BenchCluster cluster = BenchCluster.start(1);
        GistreamStreams running =
            cluster.run(APPLICATION, 1, model, options, UnaryOperator.identity())) {
      int first = 0;
      live(cluster, running, first, LIVE.get(LIVE.size() - 1), chunks / 2); // warms up
      double one = Double.NaN;
      for (int streams : LIVE) {
        first += LIVE.get(LIVE.size() - 1);
        Counted counted = live(cluster, running, first, streams, chunks);
        double rate = counted.segments() / counted.cpuSeconds();
        one = streams == 1 ? rate : one;
        rows.add(
            Row.of(
                streams == 1 ? "1 live talk" : streams + " live talks",
                rate,
                Statistics.ratio(rate, one),
                Statistics.ratio(counted.segments(), counted.batches()),
                counted.chunks() / counted.seconds()));
        progress.accept(100 * rows.size() / LIVE.size());
      }
    }
    return result(rows);
  }

  private Counted live(
      BenchCluster cluster, GistreamStreams running, int first, int streams, int chunks) {
    int[] next = new int[streams];
    for (int s = 0; s < streams; s++) {
      say(cluster, first, s, next);
    }
    int warm = streams * WARM;
    int summarised = 0;
    int counted = -1; // how many were summarised when counting began
    long cpu = 0;
    long began = 0;
    long segments = 0;
    long batches = 0;
    while (counted < 0 || summarised < counted + chunks) {
      List<ConsumerRecord<byte[], byte[]>> summaries = cluster.committed();
      // before anything is said in answer: what is counted is read after this moment
      if (counted < 0 && summarised >= warm) {
        counted = summarised;
        cpu = Clocks.processCpuNanos();
        began = System.nanoTime();
        segments = running.totals().get(Totals.Count.SEGMENTS);
        batches = running.totals().get(Totals.Count.BATCHES);
      }
      for (ConsumerRecord<byte[], byte[]> summary : summaries) {
        String streamId = new String(summary.key(), UTF_8);
        int stream = Integer.parseInt(streamId.substring(streamId.indexOf('-') + 1)) - first;
        if (stream < 0) {
          continue; // what was still under way when the case before was over
        }
        summarised++;
        say(cluster, first, stream, next);
      }
    }
    return new Counted(
        summarised - counted,
        running.totals().get(Totals.Count.SEGMENTS) - segments,
        running.totals().get(Totals.Count.BATCHES) - batches,
        (Clocks.processCpuNanos() - cpu) / 1e9,
        (System.nanoTime() - began) / 1e9);
  }

  private void say(BenchCluster cluster, int first, int stream, int[] next) {
    int number = first + stream;
    cluster.send(
        talk.freshChunk("talk-" + number, number, next[stream]++, false),
        System.currentTimeMillis());
  }

  private BenchResult result(List<Row> rows) {
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "load",
        "one partition, one stream thread, %d chunks a case; a talk goes on when its last chunk is summarised and committed"
            .formatted(chunks));
    setup.put(
        "segments/s per core",
        "segments read over processor time of the whole process: stream thread, clients, compiler, collector");
    return new BenchResult(
        APPLICATION,
        "Many live talks on one core: what batches across them bring",
        Machine.describe(),
        setup,
        COLUMNS,
        rows);
  }
}
