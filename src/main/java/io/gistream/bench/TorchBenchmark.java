package io.gistream.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Memory;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * The model here against the same weights in PyTorch: segments a second of talks that are read one
 * segment at a time, each with the memory of those before it, one talk alone and many together.
 * Both get the same sentences and as many threads, tokenise inside the clock, and lay the work out
 * in the way that was fastest when tried.
 */
public final class TorchBenchmark {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int TALKS = 64;
  private static final int REPEATS = 3;
  static final List<Column> COLUMNS =
      List.of(
          new Column("segmentsPerSecond", "segments/s", 1),
          new Column("overTorch", "over best PyTorch", 2),
          new Column("largestDifference", "largest difference of salience", 7));

  private final SummaryModel single;
  private final SummaryModel shared;
  private final Torch torch;
  private final int threads;
  private final int segments;
  private final List<List<List<List<String>>>> loads;
  private final IntConsumer progress;

  /** Runs PyTorch over requests. */
  @FunctionalInterface
  public interface Torch {
    /**
     * @param requests and what comes back: JSON as in {@code srformer/bench_torch.py}
     */
    String run(String requests) throws InterruptedException;
  }

  /**
   * @param single with one thread
   * @param shared the same model with {@code threads} for each call
   * @param texts what is said
   * @param segments of each case, a multiple of {@link #talks()}
   * @param progress hears of each percent done
   */
  public TorchBenchmark(
      SummaryModel single,
      SummaryModel shared,
      SummaryOptions options,
      List<String> texts,
      int threads,
      int segments,
      Torch torch,
      IntConsumer progress) {
    this.single = single;
    this.shared = shared;
    this.torch = torch;
    this.threads = threads;
    this.segments = segments;
    this.progress = progress;
    Talk talk = new Talk(texts);
    List<List<List<String>>> alone =
        List.of(SpokenSegments.fresh(single, options, talk, 0, segments));
    List<List<List<String>>> together = new ArrayList<>();
    for (int i = 1; i <= TALKS; i++) {
      together.add(SpokenSegments.fresh(single, options, talk, i, segments / TALKS));
    }
    loads = List.of(alone, together);
  }

  /** Talks that are read together in the second case. */
  public static int talks() {
    return TALKS;
  }

  /**
   * One pass over a load.
   *
   * @param salience of all sentences of each talk
   */
  private record Pass(double seconds, List<List<Float>> salience) {}

  /** One way to lay a load out: who reads it. */
  private record Layout(SummaryModel model, int readers, String words) {}

  public BenchResult run() throws InterruptedException {
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", single.manifest().name() + " " + single.manifest().version());
    List<Layout> layouts = new ArrayList<>();
    List<List<Double>> seconds = new ArrayList<>();
    List<List<List<Float>>> salience = new ArrayList<>();
    for (List<List<List<String>>> load : loads) {
      Layout layout = fastest(load);
      layouts.add(layout);
      seconds.add(measure(load, layout));
      salience.add(read(load, layout).salience());
    }
    progress.accept(15);
    JsonNode answer = ToolkitAnswer.parse(torch.run(requests()));
    progress.accept(85);
    // once more, so that what else this machine does in the meantime meets both
    for (int i = 0; i < loads.size(); i++) {
      seconds.get(i).addAll(measure(loads.get(i), layouts.get(i)));
    }

    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < loads.size(); i++) {
      String label = "%d at a time: ".formatted(loads.get(i).size());
      Map<String, Double> rates = new TreeMap<>();
      Map<String, Double> differences = new TreeMap<>();
      for (JsonNode found : answer.get("cases")) {
        if (found.get("load").asInt() == i) {
          String mode = found.get("mode").asText();
          rates.put(
              mode, segments / Statistics.median(ToolkitAnswer.numbers(found.get("seconds"))));
          differences.put(mode, difference(salience.get(i), found.get("salience")));
          setup.put(label + "PyTorch " + mode, words(found));
        }
      }
      double best = rates.values().stream().mapToDouble(r -> r).max().orElse(Double.NaN);
      double ours =
          segments
              / Statistics.median(
                  seconds.get(i).stream().mapToDouble(Double::doubleValue).toArray());
      setup.put(label + "Gistream", layouts.get(i).words());
      rows.add(Row.of(label + "Gistream", ours, Statistics.ratio(ours, best), Double.NaN));
      rates.forEach(
          (mode, rate) ->
              rows.add(
                  Row.of(
                      label + "PyTorch " + mode,
                      rate,
                      Statistics.ratio(rate, best),
                      differences.getOrDefault(mode, Double.NaN))));
    }
    return result(setup, answer, rows);
  }

  private BenchResult result(Map<String, String> setup, JsonNode answer, List<Row> rows) {
    answer
        .get("failed")
        .fields()
        .forEachRemaining(
            failed ->
                setup.put("PyTorch " + failed.getKey(), "failed: " + failed.getValue().asText()));
    setup.put("PyTorch", answer.get("torch").asText() + ", float32");
    setup.put(
        "load",
        "%d segments a case: one talk, or %d talks of %d segments each, one of each in a call; encode, decode, fold"
            .formatted(segments, TALKS, segments / TALKS));
    setup.put("threads", "%d for each side".formatted(threads));
    setup.put(
        "clock",
        "tokenising is inside on both sides; what the decoder is told of a sentence besides its state is inside for Gistream alone");
    setup.put(
        "repeats",
        "%d, for Gistream twice as many, half before and half after; medians".formatted(REPEATS));
    return new BenchResult(
        "torch", "The same weights, here and in PyTorch", Machine.describe(), setup, COLUMNS, rows);
  }

  private static String words(JsonNode found) {
    return "%s, rows in batches of %d tokens at most"
        .formatted(
            found.get("split").asBoolean()
                ? "each thread with a share of the talks"
                : "all threads on one batch",
            found.get("tokenLimit").asInt());
  }

  private Layout fastest(List<List<List<String>>> load) throws InterruptedException {
    Layout together = new Layout(shared, 1, "all threads on one batch");
    if (load.size() < threads) {
      read(load, together);
      return together;
    }
    Layout split = new Layout(single, threads, "each thread with a share of the talks");
    read(load, together); // warm
    read(load, split);
    return read(load, together).seconds() < read(load, split).seconds() ? together : split;
  }

  private List<Double> measure(List<List<List<String>>> load, Layout layout)
      throws InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < REPEATS; i++) {
      seconds.add(read(load, layout).seconds());
    }
    return seconds;
  }

  /** Reads a load by new readers, which remember nothing. */
  private static Pass read(List<List<List<String>>> load, Layout layout)
      throws InterruptedException {
    List<List<Float>> salience = new ArrayList<>();
    load.forEach(talk -> salience.add(new ArrayList<>()));
    ExecutorService pool = Executors.newFixedThreadPool(layout.readers());
    try {
      long began = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (int part = 0; part < layout.readers(); part++) {
        List<Integer> mine = new ArrayList<>();
        for (int talk = part; talk < load.size(); talk += layout.readers()) {
          mine.add(talk);
        }
        running.add(pool.submit(() -> read(load, mine, layout.model(), salience)));
      }
      for (Future<?> one : running) {
        one.get();
      }
      return new Pass((System.nanoTime() - began) / 1e9, salience);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the model failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static void read(
      List<List<List<String>>> load,
      List<Integer> talks,
      SummaryModel model,
      List<List<Float>> salience) {
    SegmentReader reader = model.reader();
    Memory[] memories = new Memory[load.size()];
    long[] sentences = new long[load.size()];
    talks.forEach(talk -> memories[talk] = model.emptyMemory());
    for (int round = 0; round < load.get(0).size(); round++) {
      List<Read> reads = new ArrayList<>();
      for (int talk : talks) {
        List<String> segment = load.get(talk).get(round);
        reads.add(new Read(segment, sentences[talk], memories[talk], true));
        sentences[talk] += segment.size();
      }
      List<Reading> readings = reader.read(reads);
      for (int i = 0; i < talks.size(); i++) {
        if (!(readings.get(i) instanceof Reading.Scored scored)) {
          throw new IllegalStateException("bench torch needs a model that scores sentences");
        }
        memories[talks.get(i)] = scored.memory();
        for (float worth : scored.salience()) {
          salience.get(talks.get(i)).add(worth);
        }
      }
    }
  }

  private String requests() {
    ObjectNode requests = JSON.createObjectNode();
    requests.put("threads", threads);
    requests.put("repeats", REPEATS);
    ArrayNode all = requests.putArray("loads");
    for (List<List<List<String>>> load : loads) {
      all.addObject().set("talks", JSON.valueToTree(load));
    }
    return requests.toString();
  }

  /**
   * The largest difference of two values of one sentence; NaN when the sentences are not as many.
   */
  private static double difference(List<List<Float>> ours, JsonNode theirs) {
    double largest = 0;
    for (int talk = 0; talk < ours.size(); talk++) {
      if (theirs.path(talk).size() != ours.get(talk).size()) {
        return Double.NaN;
      }
      for (int i = 0; i < ours.get(talk).size(); i++) {
        largest =
            Math.max(largest, Math.abs(ours.get(talk).get(i) - theirs.get(talk).get(i).asDouble()));
      }
    }
    return largest;
  }
}
