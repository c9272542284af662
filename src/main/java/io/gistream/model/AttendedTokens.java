package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import io.gistream.model.ModelManifest.Dims;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the queries of every layer attend to, in native memory until closed: for each of {@code R}
 * rows keys [R, h, d, M] and values [R, h, M, d] of {@code M} tokens, float32.
 */
final class AttendedTokens implements Resources.Resource {
  private final Graph graph;
  private final Dims dims;
  private final int rows;
  private final int tokens;

  /** In the order of {@link #names}. */
  private final List<LentTensor> tensors;

  private final Resources taken = new Resources();

  private AttendedTokens(Graph graph, Dims dims, int rows, int tokens) {
    this.graph = graph;
    this.dims = dims;
    this.rows = rows;
    this.tokens = tokens;
    this.tensors = new ArrayList<>(2 * dims.layers());
  }

  /** Tensors whose values are whatever they are. */
  static AttendedTokens lend(Graph graph, Dims dims, int rows, int tokens) {
    AttendedTokens lent = new AttendedTokens(graph, dims, rows, tokens);
    try {
      for (int layer = 0; layer < dims.layers(); layer++) {
        lent.take(rows, dims.heads(), dims.head(), tokens);
        lent.take(rows, dims.heads(), tokens, dims.head());
      }
      return lent;
    } catch (RuntimeException | Error e) {
      lent.close();
      throw e;
    }
  }

  private void take(long... shape) {
    tensors.add(taken.own(graph.lend(OnnxJavaType.FLOAT, shape)));
  }

  /**
   * What the tensors are called in a graph: keys and values of one layer, then those of the next.
   *
   * @param kind what comes before {@code keys_0} and so on: {@code past_}, {@code present_} or
   *     nothing
   */
  static List<String> names(String kind, Dims dims) {
    List<String> names = new ArrayList<>(2 * dims.layers());
    for (int layer = 0; layer < dims.layers(); layer++) {
      names.add(kind + "keys_" + layer);
      names.add(kind + "values_" + layer);
    }
    return names;
  }

  /** The tensors under {@link #names}, which stay this object's to close. */
  Map<String, LentTensor> named(String kind) {
    Map<String, LentTensor> named = new LinkedHashMap<>();
    List<String> names = names(kind, dims);
    for (int i = 0; i < tensors.size(); i++) {
      named.put(names.get(i), tensors.get(i));
    }
    return named;
  }

  int rows() {
    return rows;
  }

  int tokens() {
    return tokens;
  }

  /**
   * A copy of some rows.
   *
   * @param chosen in the order wanted; a row may be there more than once
   */
  AttendedTokens rows(int[] chosen) {
    AttendedTokens copy = lend(graph, dims, chosen.length, tokens);
    for (int i = 0; i < tensors.size(); i++) {
      copyRows(tensors.get(i), rows, chosen, copy.tensors.get(i));
    }
    return copy;
  }

  /** Copies rows of a tensor whose first axis counts {@code rows} into another. */
  static void copyRows(LentTensor tensor, int rows, int[] chosen, LentTensor into) {
    ByteBuffer from = tensor.values();
    ByteBuffer to = into.values();
    int rowBytes = from.limit() / rows;
    for (int row : chosen) {
      to.put(from.slice(row * rowBytes, rowBytes));
    }
  }

  @Override
  public void close() {
    taken.close();
  }
}
