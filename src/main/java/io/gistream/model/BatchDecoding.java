package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import io.gistream.model.ModelManifest.Dims;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The decoder while it writes what a batch of streams adds, in lockstep: a row for each beam of
 * each stream. All of them are fed as many tokens at each step, so that no row has padding before
 * it and has the bits it would have alone.
 *
 * <p>Keys and values of the tokens fed stay in native memory: what a step gives is what the next
 * one takes, and is copied only when beams change places. A segment's are there once for all beams
 * of its stream. The first step has one row a stream, so that the tokens that all beams begin with
 * are fed once.
 *
 * <p>Not thread-safe; frees on close all that it took.
 */
final class BatchDecoding implements AutoCloseable {
  private final Graph graph;
  private final Dims dims;
  private final List<StateTensor> state;
  private final MemoryLayout layout;
  private final int beams;

  /** Streams that write, and what each of them attends to. */
  private List<Stream> streams;

  private TokenSegments segments;
  private final Map<String, LentTensor> states = new HashMap<>();

  /** What was copied for the streams that are left; null as long as all are there. */
  private @Nullable TokenSegments left;

  private @Nullable AttendedTokens past;
  private @Nullable LentTensor logits;

  private record Stream(Memory memory, TextSearch search) {}

  /**
   * @param segments stay the caller's to close, behind this
   * @param memories of all segments before, one for each stream
   * @param searches what each stream writes, before their first step; all begin with as many tokens
   */
  BatchDecoding(
      Graph graph,
      ModelManifest manifest,
      MemoryLayout layout,
      int beams,
      TokenSegments segments,
      List<Memory> memories,
      List<TextSearch> searches) {
    this.graph = graph;
    this.dims = manifest.dims();
    this.state = manifest.state();
    this.layout = layout;
    this.beams = beams;
    this.segments = segments;
    this.streams =
        IntStream.range(0, memories.size())
            .mapToObj(i -> new Stream(memories.get(i), searches.get(i)))
            .toList();
  }

  /** Writes until every text is over. */
  void write() {
    fillStates();
    past = AttendedTokens.lend(graph, dims, streams.size(), 0);
    int rowsOfEach = 1;
    FloatBuffer scores = step(streams.stream().map(stream -> stream.search().beginning()).toList());
    while (true) {
      for (int i = 0; i < streams.size(); i++) {
        TextSearch search = streams.get(i).search();
        if (!search.isOver()) {
          search.advance(scores, i * rowsOfEach);
        }
      }
      int[] open = open();
      if (open.length == 0) {
        return;
      }
      // a text that is over is decoded on for a while: to take it out is to copy all others
      int[] kept = 2 * open.length <= streams.size() ? open : allStreams();
      movePast(kept, rowsOfEach);
      if (kept.length < streams.size()) {
        keep(kept);
      }
      rowsOfEach = beams;
      scores = step(next());
    }
  }

  private int[] open() {
    return IntStream.range(0, streams.size())
        .filter(i -> !streams.get(i).search().isOver())
        .toArray();
  }

  private int[] allStreams() {
    return IntStream.range(0, streams.size()).toArray();
  }

  /** The tokens of the next step, one for each row. */
  private List<int[]> next() {
    List<int[]> rows = new ArrayList<>(streams.size() * beams);
    for (Stream stream : streams) {
      int[] tokens = stream.search().isOver() ? new int[beams] : stream.search().tokens();
      for (int token : tokens) {
        rows.add(new int[] {token});
      }
    }
    return rows;
  }

  /** Gives each row of the next step the past of the row it goes on from. */
  private void movePast(int[] kept, int rowsOfEach) {
    int[] from = new int[kept.length * beams];
    boolean unmoved = from.length == streams.size() * rowsOfEach;
    for (int i = 0; i < kept.length; i++) {
      TextSearch search = streams.get(kept[i]).search();
      int[] own = search.isOver() ? new int[beams] : search.from();
      for (int beam = 0; beam < beams; beam++) {
        int row = i * beams + beam;
        from[row] = kept[i] * rowsOfEach + own[beam];
        unmoved &= from[row] == row;
      }
    }
    AttendedTokens before = past();
    if (!unmoved) {
      past = before.rows(from);
      before.close();
    }
  }

  /** Goes on with some of the streams. */
  private void keep(int[] kept) {
    TokenSegments fewer = segments.rows(kept, graph);
    closeLeft();
    left = fewer;
    segments = fewer;
    streams = IntStream.of(kept).mapToObj(streams::get).toList();
    fillStates();
  }

  private void fillStates() {
    closeStates();
    for (int i = 0; i < state.size(); i++) {
      long[] shape = layout.shape(i, streams.size(), streams.get(0).memory());
      LentTensor tensor = graph.lend(GraphSignature.type(state.get(i)), shape);
      states.put(state.get(i).name(), tensor);
      var to = tensor.values();
      for (Stream stream : streams) {
        stream.memory().copy(i, to);
      }
    }
  }

  /**
   * Feeds each row more tokens, all as many.
   *
   * @return logits [rows, V] of the token behind them; good until the next step
   */
  private FloatBuffer step(List<int[]> rows) {
    int fed = rows.get(0).length;
    AttendedTokens before = past();
    LentTensor scores = logits(rows.size());
    AttendedTokens present = AttendedTokens.lend(graph, dims, rows.size(), before.tokens() + fed);
    try (LentTensor tokens = graph.lend(OnnxJavaType.INT64, rows.size(), fed)) {
      LongBuffer into = tokens.values().asLongBuffer();
      for (int[] row : rows) {
        for (int token : row) {
          into.put(token);
        }
      }
      Map<String, LentTensor> inputs = new HashMap<>(states);
      inputs.putAll(segments.source().named(""));
      inputs.put("mask", segments.mask());
      inputs.putAll(before.named("past_"));
      inputs.put("tokens", tokens);
      Map<String, LentTensor> outputs = new HashMap<>(present.named("present_"));
      outputs.put("logits", scores);
      graph.run(inputs, outputs);
    } catch (RuntimeException | Error e) {
      present.close();
      throw e;
    }
    past = present;
    before.close();
    return scores.values().asFloatBuffer();
  }

  private AttendedTokens past() {
    if (past == null) {
      throw new IllegalStateException("nothing has been fed yet");
    }
    return past;
  }

  private LentTensor logits(int rows) {
    closeLogits();
    LentTensor lent = graph.lend(OnnxJavaType.FLOAT, rows, dims.vocabulary());
    logits = lent;
    return lent;
  }

  private void closeLogits() {
    if (logits != null) {
      logits.close();
      logits = null;
    }
  }

  private void closeStates() {
    states.values().forEach(LentTensor::close);
    states.clear();
  }

  private void closeLeft() {
    if (left != null) {
      left.close();
      left = null;
    }
  }

  @Override
  public void close() {
    closeLogits();
    closeStates();
    closeLeft();
    if (past != null) {
      past.close();
      past = null;
    }
  }
}
