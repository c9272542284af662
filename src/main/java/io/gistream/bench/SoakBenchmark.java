package io.gistream.bench;

import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.StoreNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/**
 * Short talks coming and going at the highest load that is sustained, for a while: whether anything
 * grows. See {@link SoakLoad}. In the end nobody speaks any more, and the retention of all that was
 * said passes: whether anything stays.
 */
public final class SoakBenchmark {
  private static final int MOST_CHUNKS_PER_SECOND = 2_000;
  private static final int PARTITIONS = 4;
  private static final Duration IDLE = Duration.ofSeconds(15);
  private static final Duration RETENTION = Duration.ofSeconds(30);

  /** Event time between two ticks when nobody else speaks. */
  private static final Duration TICK = RETENTION.plusSeconds(1);

  /** One for what ended, one more for what fell silent, and one whose own streams stay. */
  private static final int TICKS = 3;

  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int PHASES = 4;
  private static final double MEBI = 1 << 20;
  static final List<Column> COLUMNS =
      List.of(
          new Column("chunksPerSecond", "chunks/s", 1),
          new Column("residentMiB", "RSS MiB", 2),
          new Column("heapAfterGcMiB", "heap after GC MiB", 2),
          new Column("outsideHeapMiB", "outside heap MiB", 2),
          new Column("rocksDbMiB", "of it RocksDB MiB", 2),
          new Column("streams", "streams with state", 2),
          new Column("storeEntries", "entries in stores", 2),
          new Column("stateDiskMiB", "state on disk MiB", 2));

  /** The columns behind the first, in their order. */
  private static final List<ToDoubleFunction<Sample>> GAUGES =
      List.of(
          Sample::resident,
          Sample::heap,
          Sample::outsideHeap,
          Sample::rocksDb,
          Sample::streams,
          Sample::entries,
          Sample::disk);

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int minutes;
  private final IntConsumer progress;

  /**
   * @param texts what is said
   * @param minutes how long
   * @param progress hears of each percent done
   */
  public SoakBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int minutes,
      IntConsumer progress) {
    this.model = model;
    this.options = options.withIdleTimeout(IDLE, RETENTION);
    this.talk = new Talk(texts);
    this.minutes = minutes;
    this.progress = progress;
  }

  private record Sample(
      double hours,
      long chunks,
      ProcessMemory memory,
      double rocksDb,
      double streams,
      double entries,
      double disk) {
    double resident() {
      return memory.resident() / MEBI;
    }

    double heap() {
      return memory.heapAfterCollection() / MEBI;
    }

    double outsideHeap() {
      return memory.outsideHeap() / MEBI;
    }
  }

  public BenchResult run() throws InterruptedException {
    try (BenchCluster cluster = BenchCluster.start(PARTITIONS);
        GistreamStreams running = cluster.run("soak", "soak", model, options, 0, Map.of())) {
      Run run = new Run(cluster, running);
      run.speak();
      run.fallSilent();
      return result(run.samples, run.sample(), run.load.talks());
    }
  }

  /** One run: the load, and what is seen meanwhile. */
  private final class Run {
    private final BenchCluster cluster;
    private final GistreamStreams running;
    private final SoakLoad load;
    private final List<Sample> samples = new ArrayList<>();
    private final Duration lasts = Duration.ofMinutes(minutes);
    private final long began = System.nanoTime();

    Run(BenchCluster cluster, GistreamStreams running) {
      this.cluster = cluster;
      this.running = running;
      // all of it lies in the past, because a partition's time is never ahead of the clock
      long begin =
          System.currentTimeMillis()
              - SoakLoad.STEP
                  .multipliedBy(lasts.toSeconds() * MOST_CHUNKS_PER_SECOND)
                  .plus(TICK.multipliedBy(TICKS))
                  .toMillis();
      this.load = new SoakLoad(cluster, talk, begin);
    }

    void speak() {
      long nextSample = 0;
      for (long now = 0; now < lasts.toNanos(); now = System.nanoTime() - began) {
        load.step();
        if (now >= nextSample) {
          nextSample += SAMPLE_EVERY.toNanos();
          samples.add(sample());
          progress.accept((int) (95 * now / lasts.toNanos()));
        }
      }
    }

    /** Lets event time pass until all that is left are the streams by which it passes. */
    void fallSilent() {
      for (int tick = 1; tick <= TICKS; tick++) {
        await("the summaries of all chunks", load::isDone);
        load.tick(tick, PARTITIONS, TICK);
      }
      await("the end of all streams but those", () -> streamsWithState() <= PARTITIONS);
      progress.accept(100);
    }

    private void await(String what, BooleanSupplier come) {
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (!come.getAsBoolean()) {
        if (System.nanoTime() - until > 0) {
          throw new IllegalStateException("%s did not come within %s".formatted(what, PATIENCE));
        }
        load.collect();
      }
    }

    private double streamsWithState() {
      return entries(StoreNames.defaults().sessions());
    }

    private Sample sample() {
      // what is not needed any more but old must not be taken for what is kept
      System.gc();
      StoreNames stores = StoreNames.defaults();
      double sessions = streamsWithState();
      return new Sample(
          (System.nanoTime() - began) / 3.6e12,
          load.summarised(),
          ProcessMemory.now(),
          rocksDbBytes() / MEBI,
          sessions,
          sessions + entries(stores.memories()) + entries(stores.inbox()),
          BenchCluster.bytes(cluster.state("soak")) / MEBI);
    }

    /** Counted, because what RocksDB estimates counts deleted ones too. */
    private double entries(String store) {
      double count = 0;
      try (KeyValueIterator<Object, Object> all =
          running
              .kafkaStreams()
              .store(
                  StoreQueryParameters.fromNameAndType(
                      store, QueryableStoreTypes.<Object, Object>keyValueStore()))
              .all()) {
        for (; all.hasNext(); all.next()) {
          count++;
        }
      }
      return count;
    }

    /** Every store tells the size of the cache they share, in which all that they hold counts. */
    private double rocksDbBytes() {
      return running.kafkaStreams().metrics().values().stream()
          .filter(metric -> metric.metricName().group().equals("stream-state-metrics"))
          .filter(metric -> metric.metricName().name().equals("block-cache-usage"))
          .mapToDouble(
              metric -> metric.metricValue() instanceof Number value ? value.doubleValue() : 0)
          .max()
          .orElse(Double.NaN);
    }
  }

  private BenchResult result(List<Sample> samples, Sample afterwards, int talks) {
    List<Row> rows = new ArrayList<>();
    for (int phase = 0; phase < PHASES; phase++) {
      rows.add(row("quarter " + (phase + 1), phase(samples, phase)));
    }
    rows.add(
        ratio("quarter 4 over quarter 2", rows.get(PHASES - 1).values(), rows.get(1).values()));
    rows.add(slope(samples.subList(samples.size() / PHASES, samples.size())));
    rows.add(row("after the retention", List.of(afterwards)));
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "load",
        "%d minutes, %d talks of %d to %d chunks, %d at once, %d chunks under way"
            .formatted(
                minutes,
                talks,
                SoakLoad.SHORTEST,
                SoakLoad.LONGEST,
                SoakLoad.LIVE,
                SoakLoad.OUTSTANDING));
    setup.put(
        "event time",
        "%d ms a chunk: silence ends a talk after %d chunks of others, its state goes after %d"
            .formatted(
                SoakLoad.STEP.toMillis(),
                IDLE.dividedBy(SoakLoad.STEP),
                RETENTION.dividedBy(SoakLoad.STEP)));
    setup.put(
        "process",
        "one with threads, model and stores of the service, and the producer and the reader of the"
            + " load; the broker has its own");
    return new BenchResult(
        "soak",
        "Talks coming and going at the highest load: does anything grow?",
        Machine.describe(),
        setup,
        COLUMNS,
        rows);
  }

  private static List<Sample> phase(List<Sample> samples, int phase) {
    return samples.subList(samples.size() * phase / PHASES, samples.size() * (phase + 1) / PHASES);
  }

  private static Row row(String label, List<Sample> samples) {
    Sample first = samples.get(0);
    Sample last = samples.get(samples.size() - 1);
    double seconds = (last.hours() - first.hours()) * 3600;
    List<Double> values = new ArrayList<>();
    values.add(Statistics.ratio(last.chunks() - first.chunks(), seconds));
    for (ToDoubleFunction<Sample> gauge : GAUGES) {
      values.add(samples.stream().mapToDouble(gauge).average().orElse(Double.NaN));
    }
    return new Row(label, values);
  }

  private static Row ratio(String label, List<Double> values, List<Double> baseline) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(Statistics.ratio(values.get(i), baseline.get(i)));
    }
    return new Row(label, ratios);
  }

  private static Row slope(List<Sample> samples) {
    double[] hours = samples.stream().mapToDouble(Sample::hours).toArray();
    List<Double> slopes = new ArrayList<>();
    slopes.add(Double.NaN);
    for (ToDoubleFunction<Sample> gauge : GAUGES) {
      slopes.add(Statistics.slope(hours, samples.stream().mapToDouble(gauge).toArray()));
    }
    return new Row("slope an hour, quarters 2 to 4", slopes);
  }
}
