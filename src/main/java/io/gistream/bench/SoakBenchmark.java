package io.gistream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.Metric;

/**
 * Short talks coming and going at the highest load that is sustained, for a while: whether anything
 * grows. A new talk begins whenever one ends; one in eight falls silent instead of ending. The next
 * chunk goes out when an earlier one's summary is committed, so the load is what the machine bears.
 *
 * <p>Event time runs {@value #SPEED} times as fast as the clock, so that talks fall silent and
 * their state expires many times over.
 */
public final class SoakBenchmark {
  private static final int SPEED = 30;
  private static final int LIVE = 64;
  private static final int OUTSTANDING = 256;
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(5);
  private static final int PHASES = 4;
  private static final double MEBI = 1 << 20;

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
    this.options = options.withIdleTimeout(Duration.ofMinutes(5), Duration.ofMinutes(10));
    this.talk = new Talk(texts);
    this.minutes = minutes;
    this.progress = progress;
  }

  private record Sample(
      double hours, long chunks, double rss, double heap, double rocks, double keys, double disk) {}

  /** A talk under way. */
  private static final class Live {
    private final int number;
    private final int length;
    private final boolean ends;
    private int next;

    Live(int number) {
      this.number = number;
      this.length = 6 + number % 15;
      this.ends = number % 8 != 0;
    }
  }

  public BenchResult run() throws InterruptedException {
    List<Sample> samples;
    int talks;
    try (BenchCluster cluster = BenchCluster.start(4);
        GistreamStreams running = cluster.run("soak", "soak", model, options, 0, Map.of())) {
      samples = new ArrayList<>();
      talks = load(cluster, running, samples);
    }
    return result(samples, talks);
  }

  private int load(BenchCluster cluster, GistreamStreams running, List<Sample> samples) {
    List<Live> live = new ArrayList<>();
    int talks = 0;
    long sent = 0;
    long done = 0;
    long began = System.nanoTime();
    long lasts = Duration.ofMinutes(minutes).toNanos();
    long nextSample = 0;
    long eventBegin =
        System.currentTimeMillis() - Duration.ofMinutes((long) minutes * SPEED).toMillis();
    int turn = 0;
    for (long now = 0; now < lasts; now = System.nanoTime() - began) {
      while (sent - done < OUTSTANDING) {
        if (live.size() < LIVE) {
          live.add(new Live(talks++));
        }
        turn = (turn + 1) % live.size();
        Live one = live.get(turn);
        boolean last = one.next == one.length - 1;
        cluster.send(
            talk.chunk("talk-" + one.number, one.number, one.next, last && one.ends),
            eventBegin + now / 1_000_000 * SPEED);
        one.next++;
        sent++;
        if (last) {
          live.remove(turn);
        }
      }
      done +=
          cluster.committed().stream()
              .filter(record -> !bySilence(record.headers().lastHeader("ce_id").value()))
              .count();
      if (now >= nextSample) {
        nextSample += SAMPLE_EVERY.toNanos();
        samples.add(sample(now / 3.6e12, done, cluster, running));
        progress.accept((int) (100 * now / lasts));
      }
    }
    return talks;
  }

  private static boolean bySilence(byte[] id) {
    return new String(id, UTF_8).endsWith("-final");
  }

  private Sample sample(double hours, long chunks, BenchCluster cluster, GistreamStreams running) {
    double rocks = 0;
    double keys = 0;
    for (Metric metric : running.kafkaStreams().metrics().values()) {
      if (metric.metricName().group().equals("stream-state-metrics")
          && metric.metricValue() instanceof Number value) {
        switch (metric.metricName().name()) {
          case "size-all-mem-tables", "block-cache-usage", "estimate-table-readers-mem" ->
              rocks += value.doubleValue();
          case "estimate-num-keys" -> keys += value.doubleValue();
          default -> {}
        }
      }
    }
    return new Sample(
        hours,
        chunks,
        residentBytes() / MEBI,
        heapBytes() / MEBI,
        rocks / MEBI,
        keys,
        BenchCluster.bytes(cluster.state("soak")) / MEBI);
  }

  /** Of this process; NaN where the system does not tell. */
  private static double residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Double.parseDouble(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return Double.NaN; // no Linux
    }
    return Double.NaN;
  }

  /** What the last collection of garbage left. */
  private static double heapBytes() {
    double bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage left = pool.getCollectionUsage();
      if (pool.getType() == MemoryType.HEAP && left != null) {
        bytes += left.getUsed();
      }
    }
    return bytes;
  }

  private BenchResult result(List<Sample> samples, int talks) {
    List<Row> rows = new ArrayList<>();
    for (int phase = 0; phase < PHASES; phase++) {
      List<Sample> part =
          samples.subList(samples.size() * phase / PHASES, samples.size() * (phase + 1) / PHASES);
      Sample first = part.get(0);
      Sample last = part.get(part.size() - 1);
      rows.add(
          Row.of(
              "quarter " + (phase + 1),
              Statistics.ratio(
                  last.chunks() - first.chunks(), (last.hours() - first.hours()) * 3600),
              mean(part, Sample::rss),
              mean(part, Sample::heap),
              mean(part, Sample::rocks),
              mean(part, Sample::keys),
              mean(part, Sample::disk)));
    }
    List<Sample> warm = samples.subList(samples.size() / PHASES, samples.size());
    rows.add(
        Row.of(
            "slope an hour, quarters 2 to 4",
            Double.NaN,
            slope(warm, Sample::rss),
            slope(warm, Sample::heap),
            slope(warm, Sample::rocks),
            slope(warm, Sample::keys),
            slope(warm, Sample::disk)));
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "load",
        "%d minutes, %d talks of 6 to 20 chunks, %d at once, %d chunks under way"
            .formatted(minutes, talks, LIVE, OUTSTANDING));
    setup.put(
        "event time",
        "%d times the clock: silence ends a talk after 10 s, its state goes after 20 s"
            .formatted(SPEED));
    return new BenchResult(
        "soak",
        "Talks coming and going at the highest load: does anything grow?",
        Machine.describe(),
        setup,
        List.of(
            new Column("chunksPerSecond", "chunks/s", 1),
            new Column("residentMiB", "RSS MiB", 1),
            new Column("heapAfterGcMiB", "heap after GC MiB", 1),
            new Column("rocksDbMiB", "RocksDB MiB", 1),
            new Column("stateKeys", "keys in stores", 0),
            new Column("stateDiskMiB", "state on disk MiB", 1)),
        rows);
  }

  private static double mean(List<Sample> samples, ToDoubleFunction<Sample> of) {
    return samples.stream().mapToDouble(of).average().orElse(Double.NaN);
  }

  /** Least squares, per hour. */
  private static double slope(List<Sample> samples, ToDoubleFunction<Sample> of) {
    double meanX = mean(samples, Sample::hours);
    double meanY = mean(samples, of);
    double xy = 0;
    double xx = 0;
    for (Sample sample : samples) {
      xy += (sample.hours() - meanX) * (of.applyAsDouble(sample) - meanY);
      xx += (sample.hours() - meanX) * (sample.hours() - meanX);
    }
    return Statistics.ratio(xy, xx);
  }
}
