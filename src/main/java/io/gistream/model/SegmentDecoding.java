package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import io.gistream.model.ModelManifest.Dims;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The decoder while it writes what one segment adds, a row for each beam.
 *
 * <p>Keys and values of the tokens fed stay in native memory: what a step gives is what the next
 * one takes, and is copied only when beams change places. The first step has one row, so that the
 * tokens that all beams begin with are fed once.
 *
 * <p>Not thread-safe; frees on close all that it took.
 */
final class SegmentDecoding implements StepScorer, AutoCloseable {
  private final Graph graph;
  private final Dims dims;
  private final List<StateTensor> state;
  private final MemoryLayout layout;
  private final TokenSegment segment;
  private final Memory memory;

  /** What is the same at every step, once for each row. */
  private final Map<String, LentTensor> constants = new HashMap<>();

  private final Map<String, LentTensor> cache = new HashMap<>();
  private int rows;
  private int fed;

  /**
   * @param segment stays the caller's to close, behind this
   * @param memory of all segments before
   */
  SegmentDecoding(
      Graph graph,
      ModelManifest manifest,
      MemoryLayout layout,
      TokenSegment segment,
      Memory memory) {
    this.graph = graph;
    this.dims = manifest.dims();
    this.state = manifest.state();
    this.layout = layout;
    this.segment = segment;
    this.memory = memory;
  }

  @Override
  public FloatBuffer first(int[] tokens) {
    setRows(1);
    fed = 0;
    keep("past_keys", graph.lend(OnnxJavaType.FLOAT, cacheShape(1, 0)));
    keep("past_values", graph.lend(OnnxJavaType.FLOAT, cacheShape(1, 0)));
    return step(tokens, tokens.length);
  }

  @Override
  public FloatBuffer next(int[] from, int[] tokens) {
    if (!isUnmoved(from)) {
      gather("past_keys", from);
      gather("past_values", from);
    }
    setRows(from.length);
    return step(tokens, 1);
  }

  private FloatBuffer step(int[] tokens, int perRow) {
    FloatBuffer copy = FloatBuffer.allocate(rows * dims.vocabulary());
    try (LentTensor ids = graph.lend(OnnxJavaType.INT64, rows, perRow);
        LentTensor logits = graph.lend(OnnxJavaType.FLOAT, rows, dims.vocabulary())) {
      LongBuffer into = ids.values().asLongBuffer();
      for (int token : tokens) {
        into.put(token);
      }
      long[] shape = cacheShape(rows, fed + perRow);
      LentTensor keys = graph.lend(OnnxJavaType.FLOAT, shape);
      LentTensor values;
      try {
        values = graph.lend(OnnxJavaType.FLOAT, shape);
      } catch (RuntimeException e) {
        keys.close();
        throw e;
      }
      try {
        Map<String, LentTensor> inputs = new HashMap<>(constants);
        inputs.putAll(cache);
        inputs.put("tokens", ids);
        graph.run(inputs, Map.of("logits", logits, "present_keys", keys, "present_values", values));
      } catch (RuntimeException e) {
        keys.close();
        values.close();
        throw e;
      }
      keep("past_keys", keys);
      keep("past_values", values);
      fed += perRow;
      copy.put(logits.values().asFloatBuffer());
    }
    return copy.rewind();
  }

  private long[] cacheShape(int rows, int tokens) {
    return new long[] {rows, dims.layers(), tokens, dims.heads(), dims.head()};
  }

  private void keep(String name, LentTensor tensor) {
    LentTensor before = cache.put(name, tensor);
    if (before != null) {
      before.close();
    }
  }

  private boolean isUnmoved(int[] from) {
    if (from.length != rows) {
      return false;
    }
    for (int row = 0; row < rows; row++) {
      if (from[row] != row) {
        return false;
      }
    }
    return true;
  }

  /** Makes the cache of each row that of the row it goes on from. */
  private void gather(String name, int[] from) {
    LentTensor moved = graph.lend(OnnxJavaType.FLOAT, cacheShape(from.length, fed));
    ByteBuffer to = moved.values();
    ByteBuffer source = Objects.requireNonNull(cache.get(name)).values();
    int rowBytes = source.limit() / rows;
    for (int row : from) {
      to.put(source.slice(row * rowBytes, rowBytes));
    }
    keep(name, moved);
  }

  private void setRows(int count) {
    if (rows == count) {
      return;
    }
    rows = count;
    closeConstants();
    repeat("keys", OnnxJavaType.FLOAT, cacheShape(count, segment.length()), segment.keys());
    repeat("values", OnnxJavaType.FLOAT, cacheShape(count, segment.length()), segment.values());
    repeat("mask", OnnxJavaType.FLOAT, new long[] {count, segment.length()}, segment.mask());
    for (int i = 0; i < state.size(); i++) {
      LentTensor tensor =
          graph.lend(GraphSignature.type(state.get(i)), layout.shape(i, count, memory));
      constants.put(state.get(i).name(), tensor);
      ByteBuffer to = tensor.values();
      for (int row = 0; row < count; row++) {
        memory.copy(i, to);
      }
    }
  }

  private void repeat(String name, OnnxJavaType type, long[] shape, LentTensor oneRow) {
    LentTensor tensor = graph.lend(type, shape);
    constants.put(name, tensor);
    ByteBuffer to = tensor.values();
    for (long row = 0; row < shape[0]; row++) {
      to.put(oneRow.values());
    }
  }

  private void closeConstants() {
    constants.values().forEach(LentTensor::close);
    constants.clear();
  }

  @Override
  public void close() {
    closeConstants();
    cache.values().forEach(LentTensor::close);
    cache.clear();
  }
}
