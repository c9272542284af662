package io.gistream.bench;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.HeardChunk;
import io.gistream.avro.SessionState;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.config.SummaryOptions.SummaryEvery;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Recollection;
import io.gistream.session.Said;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the cost of a chunk grows with the talk: processor time of late chunks over that of early
 * ones, the bytes kept, and beside it what it costs the same model to summarise the whole
 * transcript anew at every chunk.
 *
 * <p>The talk goes round a fixed cycle of texts, a number between the words making each round new,
 * so that the early and the late window hold the same texts and nothing can be remembered from the
 * round before. Processor time of the one thread that works, not wall-clock time.
 */
public final class FlatBenchmark {
  private static final int CYCLE = 100;
  private static final int EARLY_FROM = 10;
  private static final int REPEATS = 3;
  private static final int ANEW_POINTS = 3;
  static final List<Column> COLUMNS =
      List.of(
          new Column("earlyMillisPerChunk", "early ms/chunk", 2),
          new Column("lateMillisPerChunk", "late ms/chunk", 2),
          new Column("lateOverEarly", "late/early", 3),
          new Column("cpuSeconds", "CPU s in all", 1),
          new Column("timesGistream", "x Gistream", 1),
          new Column("earlyStateBytes", "state bytes early", 0),
          new Column("lateStateBytes", "state bytes late", 0));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final List<String> texts;
  private final int chunks;
  private final IntConsumer progress;

  /**
   * @param model with one thread
   * @param texts of at least {@value #CYCLE} chunks
   * @param chunks length of the talk, at least {@code 2 * CYCLE + EARLY_FROM}
   * @param progress hears of each percent done
   */
  public FlatBenchmark(
      SummaryModel model,
      SummaryOptions options,
      List<String> texts,
      int chunks,
      IntConsumer progress) {
    if (texts.size() < CYCLE) {
      throw new IllegalArgumentException(texts.size() + " texts, at least " + CYCLE + " needed");
    }
    if (chunks < leastChunks()) {
      throw new IllegalArgumentException(
          chunks + " chunks are too few to compare; give " + leastChunks() + " or more");
    }
    this.model = model;
    this.options = options;
    this.texts = List.copyOf(texts.subList(0, CYCLE));
    this.chunks = chunks;
    this.progress = progress;
  }

  /** Fewest chunks that leave two windows apart. */
  public static int leastChunks() {
    return EARLY_FROM + 2 * CYCLE;
  }

  /** What one pass over the talk took. */
  private record Pass(
      long earlyNanos, long lateNanos, long totalNanos, int earlyBytes, int lateBytes) {}

  public BenchResult run() {
    List<TranscriptChunk> talk = talk();
    pass(talk.subList(0, leastChunks())); // warms the JIT compiler up
    progress.accept(10);
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < REPEATS; i++) {
      passes.add(pass(talk));
      progress.accept(10 + 50 * (i + 1) / REPEATS);
    }
    double early = Statistics.median(passes.stream().mapToDouble(Pass::earlyNanos).toArray());
    double late = Statistics.median(passes.stream().mapToDouble(Pass::lateNanos).toArray());
    double total = Statistics.median(passes.stream().mapToDouble(Pass::totalNanos).toArray());
    double ratio =
        Statistics.median(
            passes.stream()
                .mapToDouble(pass -> Statistics.ratio(pass.lateNanos(), pass.earlyNanos()))
                .toArray());
    Pass last = passes.get(passes.size() - 1);
    Anew anew = anew(talk);
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put("chunks", Integer.toString(chunks));
    setup.put(
        "windows",
        "chunks %d to %d and %d to %d, the same texts in both"
            .formatted(EARLY_FROM, EARLY_FROM + CYCLE - 1, chunks - CYCLE, chunks - 1));
    setup.put("repeats", REPEATS + ", medians shown");
    setup.put(
        "anew",
        "the whole transcript so far read from nothing at every chunk, with a summary at every segment only; measured at %d points, the sum by the trapezoid rule"
            .formatted(ANEW_POINTS));
    return new BenchResult(
        "flat",
        "One stream: does a chunk cost more the longer the talk?",
        Machine.describe(),
        setup,
        COLUMNS,
        List.of(
            Row.of(
                "gistream",
                early / CYCLE / 1e6,
                late / CYCLE / 1e6,
                ratio,
                total / 1e9,
                1,
                last.earlyBytes(),
                last.lateBytes()),
            Row.of(
                "whole transcript anew",
                anew.firstNanos() / 1e6,
                anew.lastNanos() / 1e6,
                Statistics.ratio(anew.lastNanos(), anew.firstNanos()),
                anew.totalNanos() / 1e9,
                Statistics.ratio(anew.totalNanos(), total),
                Double.NaN,
                Double.NaN)));
  }

  private Pass pass(List<TranscriptChunk> talk) {
    LocalSummarizer summarizer = new LocalSummarizer("flat", model, options);
    long early = 0;
    long late = 0;
    long total = 0;
    int earlyBytes = 0;
    int lateBytes = 0;
    for (TranscriptChunk chunk : talk) {
      int i = Math.toIntExact(chunk.getSequence());
      long before = Clocks.threadCpuNanos();
      summarizer.accept(new Said.Plain(chunk, i * 10_000L));
      int bytes = stateBytes(summarizer);
      long nanos = Clocks.threadCpuNanos() - before;
      total += nanos;
      if (i >= EARLY_FROM && i < EARLY_FROM + CYCLE) {
        early += nanos;
        earlyBytes = Math.max(earlyBytes, bytes);
      }
      if (i >= talk.size() - CYCLE) {
        late += nanos;
        lateBytes = Math.max(lateBytes, bytes);
      }
    }
    return new Pass(early, late, total, earlyBytes, lateBytes);
  }

  /** As the stores keep it: session, checkpoint of the memory, chunks heard since. */
  private static int stateBytes(LocalSummarizer summarizer) {
    SessionState state = summarizer.state();
    Recollection recollection = summarizer.recollection();
    int bytes = AvroCodec.session().encode(state).length;
    bytes +=
        recollection
            .checkpoint(state.getModelSha256())
            .map(checkpoint -> AvroCodec.checkpoint().encode(checkpoint).length)
            .orElse(0);
    for (HeardChunk chunk : recollection.heard()) {
      bytes += AvroCodec.heardChunk().encode(chunk).length;
    }
    return bytes;
  }

  private record Anew(double firstNanos, double lastNanos, double totalNanos) {}

  private Anew anew(List<TranscriptChunk> talk) {
    SummaryOptions whole = options.withSummaryEvery(SummaryEvery.SEGMENT);
    double first = 0;
    double previous = 0;
    double total = 0;
    int previousLength = 0;
    for (int point = 1; point <= ANEW_POINTS; point++) {
      int length = talk.size() * point / ANEW_POINTS;
      LocalSummarizer summarizer = new LocalSummarizer("anew", model, whole);
      long before = Clocks.threadCpuNanos();
      for (TranscriptChunk chunk : talk.subList(0, length)) {
        summarizer.accept(new Said.Plain(chunk, chunk.getSequence() * 10_000L));
      }
      double nanos = Clocks.threadCpuNanos() - before;
      total += (previous + nanos) / 2 * (length - previousLength);
      if (point == 1) {
        first = nanos;
      }
      previous = nanos;
      previousLength = length;
      progress.accept(60 + 40 * point / ANEW_POINTS);
    }
    return new Anew(first, previous, total);
  }

  /**
   * The number after every fourth word, so that no sentence, wherever it is cut, was heard before.
   */
  private static String numbered(String text, int number) {
    String[] words = text.split(" ");
    StringBuilder numbered = new StringBuilder(text.length() * 5 / 4);
    for (int w = 0; w < words.length; w++) {
      if (w % 4 == 0) {
        numbered.append(number).append(' ');
      }
      numbered.append(words[w]).append(' ');
    }
    return numbered.toString();
  }

  private List<TranscriptChunk> talk() {
    List<TranscriptChunk> talk = new ArrayList<>(chunks);
    for (int i = 0; i < chunks; i++) {
      @Nullable String speaker = i % 3 == 0 ? "Ann" : i % 3 == 1 ? "Bob" : null;
      String text = numbered(texts.get(i % CYCLE), 1000 + i);
      talk.add(
          new TranscriptChunk(
              "flat",
              (long) i,
              text,
              speaker,
              i * 10_000L,
              i * 10_000L + 9_000,
              ChunkStatus.CONFIRMED,
              false,
              Map.of()));
    }
    return talk;
  }
}
