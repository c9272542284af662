package io.gistream.bench;

import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;

/**
 * What is left of the model's own speed when it runs inside Kafka's transactions: segments a second
 * end to end, from the chunks topic to committed summaries, over those of the model alone, which
 * reads the very batches that were read then, in as many threads.
 */
public final class PipelineBenchmark {
  private static final int REPEATS = 3;
  private static final String APPLICATION = "pipeline";
  static final List<Column> COLUMNS =
      List.of(
          new Column("segmentsPerSecond", "segments/s", 1),
          new Column("chunksPerSecond", "chunks/s", 1),
          new Column("segmentsPerBatch", "segments/batch", 1),
          new Column("overModelAlone", "over model alone", 3));

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
   * @param streams talks at once
   * @param chunks of all talks together
   * @param threads stream threads, with a partition each
   * @param progress hears of each percent done
   */
  public PipelineBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int streams,
      int chunks,
      int threads,
      IntConsumer progress) {
    this.model = model;
    this.options = options;
    this.talk = new Talk(texts);
    this.streams = streams;
    this.chunks = chunks;
    this.threads = threads;
    this.progress = progress;
  }

  /** One pass of both. */
  private record Pass(long segments, long batches, double piped, double alone) {
    double pipedRate() {
      return segments / piped;
    }

    double aloneRate() {
      return segments / alone;
    }

    double ratio() {
      return alone / piped;
    }
  }

  public BenchResult run() throws InterruptedException {
    List<Pass> passes = new ArrayList<>();
    RecordedReads recorded = new RecordedReads();
    try (BenchCluster cluster = BenchCluster.start(threads);
        GistreamStreams running =
            cluster.run(APPLICATION, threads, model, options, recorded::watch)) {
      pass(cluster, recorded, 0); // warms the JIT compiler and the broker up
      progress.accept(100 / (REPEATS + 1));
      for (int i = 1; i <= REPEATS; i++) {
        passes.add(pass(cluster, recorded, i));
        progress.accept(100 * (i + 1) / (REPEATS + 1));
      }
    }
    return result(passes);
  }

  private Pass pass(BenchCluster cluster, RecordedReads recorded, int number)
      throws InterruptedException {
    recorded.forget();
    long began = System.nanoTime();
    new Backlog(talk, number * streams, streams, chunks, false).send(cluster);
    cluster.await(chunks);
    double piped = (System.nanoTime() - began) / 1e9;
    double alone =
        recorded.replay(model.readers(BatchOptions.defaults().sentenceCacheBytes())) / 1e9;
    return new Pass(recorded.segments(), recorded.count(), piped, alone);
  }

  private BenchResult result(List<Pass> passes) {
    double batch = median(passes, pass -> (double) pass.segments() / pass.batches());
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "load",
        "%d chunks of %d talks, %d partitions and stream threads"
            .formatted(chunks, streams, threads));
    setup.put(
        "guarantee", "exactly_once_v2; the broker, in a process of its own, has the same cores");
    setup.put("model alone", "the same batches, recorded, by new readers in as many threads");
    setup.put("repeats", REPEATS + " after one to warm up, medians shown");
    return new BenchResult(
        APPLICATION,
        "Through Kafka, exactly once, against the model alone",
        Machine.describe(),
        setup,
        COLUMNS,
        List.of(
            Row.of(
                "model alone",
                median(passes, Pass::aloneRate),
                median(passes, pass -> chunks / pass.alone()),
                batch,
                1),
            Row.of(
                "through Kafka",
                median(passes, Pass::pipedRate),
                median(passes, pass -> chunks / pass.piped()),
                batch,
                median(passes, Pass::ratio))));
  }

  private static double median(List<Pass> passes, ToDoubleFunction<Pass> value) {
    return Statistics.median(passes.stream().mapToDouble(value).toArray());
  }
}
