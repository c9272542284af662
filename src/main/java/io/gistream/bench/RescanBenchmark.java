package io.gistream.bench;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Memory;
import io.gistream.model.Read;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Said;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What it saves to remember: processor time of a talk with a rolling summary at every chunk,
 * against the same model that reads the whole transcript again at every chunk, and against one that
 * reads the last few segments again. Both others are charged for reading alone, each sentence once
 * a time and whole segments in one batch; the choice of sentences is free for them.
 */
public final class RescanBenchmark {
  private static final int POINTS = 6;
  private static final int WINDOW_SEGMENTS = 4;
  private static final int WARM_CHUNKS = 120;
  static final List<Column> COLUMNS =
      List.of(
          new Column("cpuSeconds", "CPU s", 1),
          new Column("millisPerChunk", "ms/chunk", 2),
          new Column("timesGistream", "x Gistream", 1));

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Talk talk;
  private final int chunks;
  private final IntConsumer progress;

  /**
   * @param model with one thread
   * @param texts what is said
   * @param chunks length of the talk, 360 for an hour
   * @param progress hears of each percent done
   */
  public RescanBenchmark(
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

  /** Chunks the talk must have for the window to be full at every point but the first few. */
  public static int leastChunks() {
    return 10 * POINTS;
  }

  public BenchResult run() {
    List<TranscriptChunk> warm = talk(1, Math.min(chunks, WARM_CHUNKS));
    rolling(warm);
    reread(SpokenSegments.cut(model, options, warm));
    progress.accept(5);

    List<TranscriptChunk> all = talk(0, chunks);
    double rolling = rolling(all);
    progress.accept(20);
    double whole = 0;
    double window = 0;
    double previous = 0;
    int previousLength = 0;
    for (int point = 1; point <= POINTS; point++) {
      int length = chunks * point / POINTS;
      List<List<String>> segments = SpokenSegments.cut(model, options, all.subList(0, length));
      double once = reread(segments);
      // between two points the cost is a straight line: each chunk adds its own
      whole += (previous + once) / 2 * (length - previousLength);
      List<List<String>> last =
          segments.subList(Math.max(0, segments.size() - WINDOW_SEGMENTS), segments.size());
      window += reread(last) * (length - previousLength);
      previous = once;
      previousLength = length;
      progress.accept(20 + 80 * point / POINTS);
    }
    return result(rolling, whole, window);
  }

  private List<TranscriptChunk> talk(int number, int length) {
    List<TranscriptChunk> said = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      said.add(talk.freshChunk("rescan", number, i, false));
    }
    return said;
  }

  /** Nanoseconds of processor time for a summary at every chunk. */
  private double rolling(List<TranscriptChunk> said) {
    LocalSummarizer summarizer = new LocalSummarizer("rescan", model, options);
    long before = Clocks.threadCpuNanos();
    for (TranscriptChunk chunk : said) {
      summarizer.accept(new Said.Plain(chunk, chunk.getSequence() * Talk.CHUNK_MILLIS));
    }
    return Clocks.threadCpuNanos() - before;
  }

  /** Nanoseconds of processor time to read segments from the first to the last, from nothing. */
  private double reread(List<List<String>> segments) {
    SegmentReader reader = model.reader();
    Memory memory = model.emptyMemory();
    long sentences = 0;
    long before = Clocks.threadCpuNanos();
    for (List<String> segment : segments) {
      memory = reader.read(List.of(new Read(segment, sentences, memory, true))).get(0).memory();
      sentences += segment.size();
    }
    return Clocks.threadCpuNanos() - before;
  }

  private BenchResult result(double rolling, double whole, double window) {
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model.manifest().name() + " " + model.manifest().version());
    setup.put(
        "talk",
        "%d chunks of ten seconds, about 25 words each; a summary at every chunk"
            .formatted(chunks));
    setup.put(
        "others",
        "measured at %d points and summed by the trapezoid rule; segment by segment, because the encoder reads sentences one by one; reading only, the choice of sentences is not charged"
            .formatted(POINTS));
    return new BenchResult(
        "rescan",
        "What it saves to remember: processor time of a talk",
        Machine.describe(),
        setup,
        COLUMNS,
        List.of(
            row("Gistream", rolling, rolling),
            row("whole transcript again at every chunk", whole, rolling),
            row(
                "last %d segments again at every chunk".formatted(WINDOW_SEGMENTS),
                window,
                rolling)));
  }

  private Row row(String label, double nanos, double gistream) {
    return Row.of(label, nanos / 1e9, nanos / 1e6 / chunks, Statistics.ratio(nanos, gistream));
  }
}
