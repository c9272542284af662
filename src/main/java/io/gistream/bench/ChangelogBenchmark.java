package io.gistream.bench;

import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * What a minute of talk costs in the changelogs, by how often the memory is written. The baseline
 * writes it with every segment. Each chunk is committed before the next one comes, as it is when
 * people talk; compressed as the producer does it.
 */
public final class ChangelogBenchmark {
  private static final List<String> STORES = List.of("sessions", "memories", "inbox");
  static final List<Column> COLUMNS =
      List.of(
          new Column("sessionsBytes", "sessions", 0),
          new Column("memoriesBytes", "memories", 0),
          new Column("inboxBytes", "inbox", 0),
          new Column("totalBytes", "in all", 0),
          new Column("overEverySegment", "over every segment", 2),
          new Column("summariesBytes", "summaries topic", 0));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int streams;
  private final int chunks;
  private final IntConsumer progress;

  /**
   * @param texts what is said, about ten seconds each
   * @param streams talks at once
   * @param chunks of each talk
   * @param progress hears of each percent done
   */
  public ChangelogBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int streams,
      int chunks,
      IntConsumer progress) {
    this.model = model;
    this.options = options;
    this.talk = new Talk(texts);
    this.streams = streams;
    this.chunks = chunks;
    this.progress = progress;
  }

  public BenchResult run() throws InterruptedException {
    Set<Integer> intervals = new LinkedHashSet<>(List.of(1, 2, 4, 8, 16));
    intervals.add(options.checkpointInterval());
    List<Row> rows = new ArrayList<>();
    double baseline = 0;
    int done = 0;
    for (int interval : intervals) {
      double[] bytes = measure(interval);
      baseline = done == 0 ? bytes[3] : baseline;
      done++;
      progress.accept(100 * done / intervals.size());
      rows.add(
          Row.of(
              "every "
                  + (interval == 1 ? "segment" : interval + " segments")
                  + (interval == options.checkpointInterval() ? " (as set)" : ""),
              bytes[0],
              bytes[1],
              bytes[2],
              bytes[3],
              Statistics.ratio(bytes[3], baseline),
              bytes[4]));
    }
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put("talks", "%d at once, %d chunks of ten seconds each".formatted(streams, chunks));
    setup.put("correction.horizon", Integer.toString(options.correctionHorizon()));
    setup.put(
        "bytes",
        "of the logs on the broker's disk, compressed, one replica, per stream and minute of talk");
    return new BenchResult(
        "changelog",
        "Changelog bytes a minute of talk, by memory.checkpoint-interval",
        Machine.describe(),
        setup,
        COLUMNS,
        rows);
  }

  private double[] measure(int interval) throws InterruptedException {
    SummaryOptions with = options.withCheckpoints(interval, options.correctionHorizon());
    String application = "changelog-" + interval;
    try (BenchCluster cluster = BenchCluster.start(1);
        GistreamStreams running = cluster.run(application, application, model, with, 0, Map.of())) {
      long begin = System.currentTimeMillis() - chunks * Talk.CHUNK_MILLIS;
      for (int i = 0; i < chunks; i++) {
        for (int s = 0; s < streams; s++) {
          cluster.send(talk.chunk("talk-" + s, s, i, false), begin + i * Talk.CHUNK_MILLIS);
        }
        cluster.flush();
        cluster.await(streams);
      }
      running.close();
      double minutes = streams * chunks * Talk.CHUNK_MILLIS / 60_000.0;
      double[] bytes = new double[5];
      for (int i = 0; i < STORES.size(); i++) {
        bytes[i] = cluster.logBytes(application + "-" + STORES.get(i) + "-changelog") / minutes;
        bytes[3] += bytes[i];
      }
      bytes[4] = cluster.logBytes("summaries") / minutes;
      return bytes;
    }
  }
}
