package io.gistream.bench;

import io.gistream.config.SummaryOptions;
import io.gistream.model.GraphUse;
import io.gistream.model.MatrixProduct;
import io.gistream.model.ModelManifest;
import io.gistream.model.Segment;
import io.gistream.model.SummaryModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * How near the model comes to what the machine can do, on one thread: operations a second of the
 * encoder and the decoder against ONNX Runtime's own product of two large matrices, and bytes of
 * weights a second against plain reading. Only the time inside ONNX Runtime counts.
 */
public final class LimitBenchmark {
  private static final int MATRIX = 768;

  /** Far larger than any cache. */
  private static final int READ_LONGS = 32 << 20;

  private static final List<Integer> SENTENCES = List.of(1, 8, 64);
  private static final List<Integer> SEGMENTS = List.of(1, 64);

  /** The shape of MiniLM-L6, which encodes in every package of family compact. */
  private static final int ENCODER_WIDTH = 384;

  private static final int ENCODER_LAYERS = 6;
  private static final int ENCODER_INNER = 1536;

  static final List<Column> COLUMNS =
      List.of(
          new Column("gigaOperationsPerSecond", "GFLOP/s", 1),
          new Column("ofProduct", "of the product's", 2),
          new Column("gigabytesPerSecond", "GB/s", 1),
          new Column("ofReading", "of reading", 2));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int rounds;
  private final IntConsumer progress;

  /**
   * @param model of family compact, with one thread
   * @param texts what is said
   * @param rounds of each measurement; the fastest counts
   * @param progress hears of each percent done
   * @throws IllegalArgumentException when the encoder has not the shape that is counted here
   */
  public LimitBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int rounds,
      IntConsumer progress) {
    if (model.manifest().dims().encoder() != ENCODER_WIDTH
        || model.manifest().generation() != null) {
      throw new IllegalArgumentException(
          "limit counts the operations of an encoder that is %d wide, family compact; %s is another"
              .formatted(ENCODER_WIDTH, model.manifest().name()));
    }
    this.model = model;
    this.options = options;
    this.talk = new Talk(texts);
    this.rounds = rounds;
    this.progress = progress;
  }

  /** What was done in a time. */
  private record Done(double operations, double bytes, double nanos) {
    Done faster(Done other) {
      return operations / nanos >= other.operations() / other.nanos() ? this : other;
    }
  }

  public BenchResult run() {
    double fastestProduct = 0;
    double fastestReading = 0;
    Map<Integer, Done> encoded = new LinkedHashMap<>();
    Map<Integer, Done> decoded = new LinkedHashMap<>();
    List<List<String>> segments = SpokenSegments.fresh(model, options, talk, 0, 128);
    List<String> sentences = segments.stream().flatMap(List::stream).toList();
    List<Segment> encodedSegments =
        segments.subList(0, 64).stream()
            .map(said -> new Segment(model.encode(said), 0, model.emptyMemory()))
            .toList();
    long[] memory = new long[READ_LONGS];
    try (MatrixProduct matrices = new MatrixProduct(MATRIX, 1)) {
      // in turns, so that what else the machine does hits all of them alike
      for (int round = 0; round < rounds; round++) {
        fastestProduct = Math.max(fastestProduct, multiply(matrices));
        fastestReading = Math.max(fastestReading, read(memory));
        for (int size : SENTENCES) {
          encoded.merge(size, encode(sentences, size), Done::faster);
        }
        for (int size : SEGMENTS) {
          decoded.merge(size, decode(encodedSegments, size), Done::faster);
        }
        progress.accept(100 * (round + 1) / rounds);
      }
    }
    double product = fastestProduct;
    double reading = fastestReading;
    List<Row> rows = new ArrayList<>();
    rows.add(
        Row.of(
            "product of two matrices of %1$d x %1$d".formatted(MATRIX),
            product,
            1,
            Double.NaN,
            Double.NaN));
    rows.add(Row.of("reading 256 MiB", Double.NaN, Double.NaN, reading, 1));
    encoded.forEach(
        (size, done) ->
            rows.add(row("encode, %d at a time".formatted(size), done, product, reading)));
    decoded.forEach(
        (size, done) ->
            rows.add(row("decode, %d segments at a time".formatted(size), done, product, reading)));
    return result(rows);
  }

  private static Row row(String label, Done done, double product, double reading) {
    double operations = done.operations() / done.nanos();
    double bytes = done.bytes() / done.nanos();
    return Row.of(
        label,
        operations,
        Statistics.ratio(operations, product),
        bytes,
        Statistics.ratio(bytes, reading));
  }

  /** Operations a nanosecond. */
  private static double multiply(MatrixProduct matrices) {
    double best = 0;
    for (int i = 0; i < 5; i++) {
      long began = System.nanoTime();
      matrices.run();
      best = Math.max(best, matrices.operations() / (System.nanoTime() - began));
    }
    return best;
  }

  /** Bytes a nanosecond. */
  private static double read(long[] memory) {
    long sum = 0;
    long began = System.nanoTime();
    for (long value : memory) {
      sum += value;
    }
    long nanos = System.nanoTime() - began;
    if (sum != 0) {
      throw new IllegalStateException("nothing was written there");
    }
    return (double) memory.length * Long.BYTES / nanos;
  }

  private Done encode(List<String> sentences, int size) {
    double operations = 0;
    double runs = used("encoder").runs();
    double before = used("encoder").nanos();
    // few of the small ones: they take long
    List<String> some = sentences.subList(0, Math.min(sentences.size(), Math.max(64, 4 * size)));
    for (int from = 0; from < some.size(); from += size) {
      List<String> batch = some.subList(from, Math.min(from + size, some.size()));
      model.encode(batch);
      operations += batch.stream().mapToDouble(this::operations).sum();
    }
    runs = used("encoder").runs() - runs;
    return new Done(operations, runs * encoderBytes(), used("encoder").nanos() - before);
  }

  /**
   * Multiplications and additions of a sentence's tokens, and of its row where attention is: what
   * graphs do that work on padding nowhere else (decision 0018).
   */
  private double operations(String sentence) {
    int tokens = Math.min(model.countTokens(sentence) + 2, model.manifest().limits().rowTokens());
    int row =
        model.manifest().limits().rowBuckets().stream()
            .filter(bucket -> bucket >= tokens)
            .findFirst()
            .orElseThrow();
    double attention = ENCODER_LAYERS * 2.0 * row * ENCODER_WIDTH;
    return 2.0 * (tokens * encoderWeights() + row * attention);
  }

  private static double encoderWeights() {
    return ENCODER_LAYERS
        * (4.0 * ENCODER_WIDTH * ENCODER_WIDTH + 2.0 * ENCODER_WIDTH * ENCODER_INNER);
  }

  /** Widened to float32 when the session was opened. */
  private static double encoderBytes() {
    return encoderWeights() * Float.BYTES;
  }

  private Done decode(List<Segment> segments, int size) {
    double before = used("decoder").nanos();
    double runs = used("decoder").runs();
    for (int from = 0; from < segments.size(); from += size) {
      model.decode(segments.subList(from, Math.min(from + size, segments.size())));
    }
    runs = used("decoder").runs() - runs;
    double weights = decoderWeights();
    double operations =
        2 * weights * model.manifest().limits().segmentSentences() * segments.size();
    return new Done(operations, runs * weights * Float.BYTES, used("decoder").nanos() - before);
  }

  /** A layer has eight matrices' worth of its width squared, and one brings the states to it. */
  private double decoderWeights() {
    ModelManifest.Dims dims = model.manifest().dims();
    double width = (double) dims.heads() * dims.head();
    return dims.layers() * 8 * width * width + dims.encoder() * width;
  }

  private GraphUse used(String graph) {
    return model.use().stream().filter(use -> use.graph().equals(graph)).findFirst().orElseThrow();
  }

  private BenchResult result(List<Row> rows) {
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "counted",
        "multiplications and additions of matrix products, padding where there is any, in attention; bytes of weights in float32, once a run; the fastest of %d rounds, in turns, one thread, time inside ONNX Runtime"
            .formatted(rounds));
    return new BenchResult(
        "limit", "How near to what the machine can do", Machine.describe(), setup, COLUMNS, rows);
  }
}
