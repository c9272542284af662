package io.gistream.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.Precision;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.summary.SentenceSplitter;
import io.gistream.summary.SpokenSentence;
import io.gistream.summary.Utterance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Models that write against {@code generate} of transformers on the same weights: tokens a second
 * of segments that have nothing to do with each other, one alone and many together, greedy and by
 * beams. Both get the same sentences and as many threads, write as many tokens, tokenise inside the
 * clock, and lay the work out in the way that was faster when tried. Each case is measured in int8
 * too, against the same {@code generate} in float32.
 */
public final class DecodeBenchmark {
  /** Checkpoints whose shapes the models can have. */
  public static final List<String> SHAPES = List.of("bart-base", "t5-small");

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<Integer> BEAMS = List.of(1, 4);
  private static final List<Integer> STREAMS = List.of(1, 16);
  static final List<Column> COLUMNS =
      List.of(
          new Column("tokensPerSecond", "tokens/s", 1),
          new Column("generateTokensPerSecond", "generate tokens/s", 1),
          new Column("overGenerate", "over generate", 2),
          new Column("sameTokens", "same tokens", 2));

  private final Path packages;
  private final List<String> shapes;
  private final Talk talk;
  private final int threads;
  private final int newTokens;
  private final int repeats;
  private final Transformers transformers;
  private final IntConsumer progress;

  /** Runs {@code generate} of transformers over requests. */
  @FunctionalInterface
  public interface Transformers {
    /**
     * @param requests and what comes back: JSON as in {@code srformer/bench_decode.py}
     */
    String generate(String requests) throws InterruptedException;
  }

  /**
   * @param packages directory with a package of each shape, named like it; their manifests are
   *     changed
   * @param texts what is said
   * @param newTokens that each segment adds
   * @param repeats of each case
   * @param progress hears of each percent done
   */
  public DecodeBenchmark(
      Path packages,
      List<String> shapes,
      List<String> texts,
      int threads,
      int newTokens,
      int repeats,
      Transformers transformers,
      IntConsumer progress) {
    this.packages = packages;
    this.shapes = List.copyOf(shapes);
    this.talk = new Talk(texts);
    this.threads = threads;
    this.newTokens = newTokens;
    this.repeats = repeats;
    this.transformers = transformers;
    this.progress = progress;
  }

  /** A model that is loaded for some cases. */
  private record Writer(Precision precision, String shape, int beams) {}

  /**
   * Some segments to be read together, each of a stream of its own, and what was found.
   *
   * @param segments sentences of each
   */
  private static final class Case {
    final Writer writer;
    final List<List<String>> segments;
    final List<Double> seconds = new ArrayList<>();
    boolean split;
    List<List<Integer>> tokens = List.of();

    Case(Writer writer, List<List<String>> segments) {
      this.writer = writer;
      this.segments = segments;
    }

    String label() {
      return "%s%s, %s, %d at a time"
          .formatted(
              writer.precision() == Precision.INT8 ? "int8: " : "",
              writer.shape(),
              writer.beams() == 1 ? "1 beam" : writer.beams() + " beams",
              segments.size());
    }

    String layout(boolean ofSplit) {
      if (!ofSplit) {
        return "all threads on one batch";
      }
      return segments.size() == 1 ? "one thread" : "each thread with a share of the streams";
    }
  }

  /** One pass over the segments of a case: the tokens of each. */
  private record Pass(double seconds, List<List<Integer>> tokens) {}

  public BenchResult run() throws IOException, InterruptedException {
    List<Case> cases = new ArrayList<>();
    List<Writer> writers = writers();
    for (int i = 0; i < writers.size(); i++) {
      try (Models models = load(writers.get(i))) {
        for (int streams : STREAMS) {
          Case added = new Case(writers.get(i), segments(models.single(), streams));
          cases.add(added);
          layOut(added, models);
          measure(added, models);
        }
      }
      progress.accept(40 * (i + 1) / writers.size());
    }
    List<Case> inFloat32 =
        cases.stream().filter(it -> it.writer.precision() == Precision.FP32).toList();
    JsonNode answer = ToolkitAnswer.parse(transformers.generate(requests(inFloat32)));
    progress.accept(75);
    // once more, so that what else this machine does in the meantime meets both
    for (Writer writer : writers) {
      try (Models models = load(writer)) {
        for (Case one : cases) {
          if (one.writer.equals(writer)) {
            read(one, models, one.split); // warm
            measure(one, models);
          }
        }
      }
    }
    progress.accept(100);

    List<Row> rows = new ArrayList<>();
    Map<String, String> setup = setup(answer);
    for (int i = 0; i < cases.size(); i++) {
      Case one = cases.get(i);
      // those in int8 have the order of those in float32
      JsonNode theirs = answer.get("cases").get(i % inFloat32.size());
      List<List<Integer>> tokens = tokens(theirs.get("tokens"));
      double ours = rate(one.tokens, one.seconds);
      double rate = rate(tokens, seconds(theirs.get("seconds")));
      rows.add(
          Row.of(one.label(), ours, rate, Statistics.ratio(ours, rate), same(one.tokens, tokens)));
      if (threads > 1) {
        setup.put(
            one.label(),
            "%s; generate: %s"
                .formatted(one.layout(one.split), one.layout(theirs.get("split").asBoolean())));
      }
    }
    return new BenchResult(
        "decode",
        "Models that write: against generate of transformers",
        Machine.describe(),
        setup,
        COLUMNS,
        rows);
  }

  private List<Writer> writers() {
    List<Writer> writers = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      for (String shape : shapes) {
        for (int beams : BEAMS) {
          writers.add(new Writer(precision, shape, beams));
        }
      }
    }
    return writers;
  }

  private Map<String, String> setup(JsonNode answer) {
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put(
        "models",
        "random weights in the shapes of %s, memory raf with its gates closed"
            .formatted(String.join(" and ", shapes)));
    setup.put(
        "transformers",
        "%s, PyTorch %s, float32"
            .formatted(answer.get("transformers").asText(), answer.get("torch").asText()));
    setup.put(
        "load",
        "segments of unrelated streams, as many sentences as a row of 128 tokens holds, empty memories, no fold; %d tokens each"
            .formatted(newTokens));
    setup.put("threads", "%d for each side".formatted(threads));
    setup.put("clock", "tokenising and the text of the tokens are inside on both sides");
    setup.put(
        "same tokens",
        "part of the segments for which both wrote exactly the same; random weights decide by so little that int8 soon decides otherwise, and then writes something else");
    setup.put(
        "repeats",
        "%d for generate, %d for Gistream, half before and half after; medians"
            .formatted(repeats, 2 * passes()));
    return setup;
  }

  /** A model twice: with one thread for each call, and with all. */
  private record Models(SummaryModel single, SummaryModel shared) implements AutoCloseable {
    @Override
    public void close() {
      single.close();
      shared.close();
    }
  }

  private Models load(Writer writer) throws IOException {
    Path directory = packages.resolve(writer.shape());
    new WritingSettings(writer.beams(), newTokens).into(directory);
    SummaryModel single =
        SummaryModel.load(directory, new SummaryModel.Options(1, writer.precision()));
    try {
      return new Models(
          single,
          SummaryModel.load(directory, new SummaryModel.Options(threads, writer.precision())));
    } catch (RuntimeException e) {
      single.close();
      throw e;
    }
  }

  /** One segment of each stream. */
  private List<List<String>> segments(SummaryModel model, int streams) {
    List<List<String>> segments = new ArrayList<>();
    for (int stream = 0; stream < streams; stream++) {
      segments.add(segment(model, stream));
    }
    return segments;
  }

  /** The first sentences of a talk that nobody has heard, as many as a row holds. */
  private List<String> segment(SummaryModel model, int number) {
    List<String> segment = new ArrayList<>();
    for (int chunk = 0; ; chunk++) {
      String said = talk.freshChunk("segments", number, chunk, false).getText();
      for (SpokenSentence sentence : SentenceSplitter.split(List.of(new Utterance(said, "Ann")))) {
        segment.add(sentence.text());
        if (segment.size() > 1 && !model.fits(segment)) {
          return List.copyOf(segment.subList(0, segment.size() - 1));
        }
      }
    }
  }

  /** Finds who reads the streams of a case, and what is written. */
  private void layOut(Case one, Models models) throws InterruptedException {
    one.tokens = read(one, models, false).tokens(); // warm
    if (threads > 1) {
      read(one, models, true);
      one.split = read(one, models, true).seconds() < read(one, models, false).seconds();
    }
  }

  /** Passes before {@code generate} is measured, and again after. */
  private int passes() {
    return (repeats + 1) / 2;
  }

  private void measure(Case one, Models models) throws InterruptedException {
    for (int i = 0; i < passes(); i++) {
      one.seconds.add(read(one, models, one.split).seconds());
    }
  }

  /**
   * @param split whether each thread works by itself on a share of the streams, one alone where
   *     there is one stream; else all of them work on one batch
   */
  private Pass read(Case one, Models models, boolean split) throws InterruptedException {
    SummaryModel model = split ? models.single() : models.shared();
    int readers = split ? Math.min(threads, one.segments.size()) : 1;
    ExecutorService pool = Executors.newFixedThreadPool(readers);
    try {
      long began = System.nanoTime();
      List<Future<List<List<Integer>>>> shares = new ArrayList<>();
      for (int part = 0; part < readers; part++) {
        List<List<String>> mine = new ArrayList<>();
        for (int i = part; i < one.segments.size(); i += readers) {
          mine.add(one.segments.get(i));
        }
        shares.add(pool.submit(() -> read(model, mine)));
      }
      for (Future<List<List<Integer>>> share : shares) {
        share.get();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      List<List<Integer>> tokens = new ArrayList<>();
      for (int i = 0; i < one.segments.size(); i++) {
        tokens.add(shares.get(i % readers).get().get(i / readers));
      }
      return new Pass(seconds, tokens);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the model failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<List<Integer>> read(SummaryModel model, List<List<String>> segments) {
    SegmentReader reader = model.reader();
    List<Read> reads =
        segments.stream()
            .map(sentences -> new Read(sentences, 0, model.emptyMemory(), false))
            .toList();
    List<List<Integer>> tokens = new ArrayList<>();
    for (Reading reading : reader.read(reads)) {
      if (!(reading instanceof Reading.Written written)) {
        throw new IllegalStateException("bench decode needs models that write");
      }
      tokens.add(written.tokens().stream().map(Reading.Token::id).toList());
    }
    return tokens;
  }

  private String requests(List<Case> cases) {
    ObjectNode requests = JSON.createObjectNode();
    requests.put("threads", threads);
    requests.put("repeats", repeats);
    requests.put("newTokens", newTokens);
    ArrayNode all = requests.putArray("cases");
    for (Case one : cases) {
      ObjectNode asked = all.addObject();
      asked.put("shape", one.writer.shape());
      asked.put("beams", one.writer.beams());
      asked.set("segments", JSON.valueToTree(one.segments));
    }
    return requests.toString();
  }

  private static List<Double> seconds(JsonNode found) {
    return Arrays.stream(ToolkitAnswer.numbers(found)).boxed().toList();
  }

  private static List<List<Integer>> tokens(JsonNode found) {
    List<List<Integer>> tokens = new ArrayList<>();
    for (JsonNode segment : found) {
      List<Integer> ids = new ArrayList<>();
      segment.forEach(id -> ids.add(id.asInt()));
      tokens.add(ids);
    }
    return tokens;
  }

  /** Tokens that were written over the median of the seconds it took. */
  static double rate(List<List<Integer>> tokens, List<Double> seconds) {
    int written = tokens.stream().mapToInt(List::size).sum();
    return Statistics.ratio(
        written, Statistics.median(seconds.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** The part of our segments that have the same tokens there; one that is missing has not. */
  static double same(List<List<Integer>> ours, List<List<Integer>> theirs) {
    int same = 0;
    for (int i = 0; i < ours.size(); i++) {
      same += i < theirs.size() && ours.get(i).equals(theirs.get(i)) ? 1 : 0;
    }
    return Statistics.ratio(same, ours.size());
  }
}
