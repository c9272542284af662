package io.gistream.bench;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.EncodedSentence;
import io.gistream.model.Memory;
import io.gistream.model.Read;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Outcome;
import io.gistream.session.Said;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * The same package in float32 and in int8, on one thread, in turns: segments read a second of
 * processor time, one at a time and 64 at a time, and how far what comes out differs.
 */
public final class Int8Benchmark {
  private static final List<Integer> SIZES = List.of(1, 64);

  /** Segments of a round, for each model the same. */
  private static final int ROUND = 64;

  static final List<Column> COLUMNS =
      List.of(
          new Column("segmentsPerCpuSecond", "segments/s per core", 1),
          new Column("overFp32", "over fp32", 2),
          new Column("meanCosine", "mean cosine of states", 4),
          new Column("sameSentences", "same sentences shown", 2));

  private final SummaryModel fp32;
  private final SummaryModel int8;
  private final SummaryOptions options;
  private final List<String> texts;
  private final Talk talk;
  private final int rounds;
  private final IntConsumer progress;

  /**
   * @param fp32 with one thread
   * @param int8 the same package in int8, with one thread
   * @param texts what is said
   * @param rounds of 64 segments for each size and model; 1 more warms up
   * @param progress hears of each percent done
   */
  public Int8Benchmark(
      SummaryModel fp32,
      SummaryModel int8,
      SummaryOptions options,
      List<String> texts,
      int rounds,
      IntConsumer progress) {
    this.fp32 = fp32;
    this.int8 = int8;
    this.options = options;
    this.texts = texts;
    this.talk = new Talk(texts);
    this.rounds = rounds;
    this.progress = progress;
  }

  public BenchResult run() {
    double cosine = meanCosine();
    double same = sameSentences();
    List<Row> rows = new ArrayList<>();
    int number = 0;
    for (int size : SIZES) {
      double exact = 0;
      double rounded = 0;
      for (int round = 0; round <= rounds; round++) {
        List<List<String>> segments = SpokenSegments.fresh(fp32, options, talk, number++, ROUND);
        double one = read(fp32, segments, size);
        double other = read(int8, segments, size);
        if (round > 0) {
          exact += one;
          rounded += other;
        }
        progress.accept(100 * number / (SIZES.size() * (rounds + 1)));
      }
      double segments = (double) rounds * ROUND * 1e9;
      String what =
          size == 1 ? ", one segment at a time" : ", %d segments at a time".formatted(size);
      rows.add(Row.of("fp32" + what, segments / exact, 1, 1, 1));
      rows.add(
          Row.of(
              "int8" + what, segments / rounded, Statistics.ratio(exact, rounded), cosine, same));
    }
    return result(rows);
  }

  /**
   * Nanoseconds of processor time for a batch after the other, each segment of a talk of its own.
   */
  private static double read(SummaryModel model, List<List<String>> segments, int size) {
    SegmentReader reader = model.reader();
    Memory empty = model.emptyMemory();
    long before = Clocks.threadCpuNanos();
    for (int from = 0; from < segments.size(); from += size) {
      reader.read(
          segments.subList(from, Math.min(from + size, segments.size())).stream()
              .map(sentences -> new Read(sentences, 0, empty, true))
              .toList());
    }
    return Clocks.threadCpuNanos() - before;
  }

  private double meanCosine() {
    List<EncodedSentence> exact = fp32.encode(texts);
    List<EncodedSentence> rounded = int8.encode(texts);
    double sum = 0;
    for (int i = 0; i < texts.size(); i++) {
      sum += cosine(exact.get(i).state(), rounded.get(i).state());
    }
    return sum / texts.size();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      ofA += (double) a[i] * a[i];
      ofB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(ofA * ofB);
  }

  /** Of the sentences that fp32 shows at the end of the demo meeting, the part that int8 shows. */
  private double sameSentences() {
    Set<String> exact = shown(fp32);
    Set<String> rounded = shown(int8);
    return (double) exact.stream().filter(rounded::contains).count() / exact.size();
  }

  private Set<String> shown(SummaryModel model) {
    LocalSummarizer summarizer = new LocalSummarizer("int8", model, options);
    Optional<RollingSummary> last = Optional.empty();
    for (int i = 0; i < texts.size(); i++) {
      TranscriptChunk chunk = talk.chunk("int8", 0, i, i == texts.size() - 1);
      List<Outcome> outcomes = summarizer.accept(new Said.Plain(chunk, i * Talk.CHUNK_MILLIS));
      Optional<RollingSummary> latest = LocalSummarizer.latest(outcomes);
      last = latest.isPresent() ? latest : last;
    }
    return last.orElseThrow().getSentences().stream()
        .map(SummarySentence::getText)
        .collect(Collectors.toSet());
  }

  private BenchResult result(List<Row> rows) {
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", fp32.manifest().name() + " " + fp32.manifest().version());
    setup.put(
        "load",
        "%d segments for each row, as long as segment.min-tokens makes them; encoded, scored and folded by one thread"
            .formatted(rounds * ROUND));
    setup.put(
        "differences",
        "states of %d pieces of the demo meeting; sentences of its final summary in fp32 that are also in that of int8"
            .formatted(texts.size()));
    return new BenchResult("int8", "float32 and int8", Machine.describe(), setup, COLUMNS, rows);
  }
}
