package io.gistream.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.gistream.model.ModelManifest.Dims;
import io.gistream.model.ModelManifest.StateTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and outputs that a graph must have; see the table in {@code docs/model-package.md}.
 *
 * @param file the graph
 */
record GraphSignature(String file, List<Tensor> inputs, List<Tensor> outputs) {
  private static final long ANY = -1;

  /**
   * @param shape {@code -1} for an axis whose length is known only when the graph runs
   */
  record Tensor(String name, OnnxJavaType type, List<Long> shape) {
    /**
     * @param open whether this may leave lengths open that the other knows: shape inference does
     *     not follow every output, and what comes out is looked at when it does
     */
    boolean isLike(Tensor other, boolean open) {
      if (type != other.type || shape.size() != other.shape.size()) {
        return false;
      }
      for (int i = 0; i < shape.size(); i++) {
        boolean same = shape.get(i).equals(other.shape.get(i));
        if (!same && !(open && shape.get(i) == ANY)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return type.toString().toLowerCase(Locale.ROOT) + " " + shape;
    }
  }

  /** The graphs of a family that writes. */
  static final class OfWriter {
    private OfWriter() {}

    static GraphSignature encoder(ModelManifest manifest, Precision precision) {
      return new GraphSignature(
          precision.file(ModelPackage.ENCODER),
          List.of(
              tensor("input_ids", OnnxJavaType.INT64, ANY, ANY),
              tensor("attention_mask", OnnxJavaType.INT64, ANY, ANY)),
          attended("", manifest.dims()));
    }

    static GraphSignature decoder(ModelManifest manifest, Precision precision) {
      Dims dims = manifest.dims();
      List<Tensor> inputs = new ArrayList<>();
      inputs.add(tensor("tokens", OnnxJavaType.INT64, ANY, ANY));
      inputs.addAll(attended("past_", dims));
      inputs.addAll(segment(manifest));
      List<Tensor> outputs = new ArrayList<>();
      outputs.add(tensor("logits", OnnxJavaType.FLOAT, ANY, dims.vocabulary()));
      outputs.addAll(attended("present_", dims));
      return new GraphSignature(precision.file(ModelPackage.DECODER), inputs, outputs);
    }

    static GraphSignature memory(ModelManifest manifest) {
      return new GraphSignature(ModelPackage.MEMORY, segment(manifest), nextState(manifest));
    }

    private static List<Tensor> segment(ModelManifest manifest) {
      List<Tensor> inputs = attended("", manifest.dims());
      inputs.add(tensor("mask", OnnxJavaType.FLOAT, ANY, ANY));
      manifest.state().forEach(state -> inputs.add(state(state.name(), state)));
      return inputs;
    }

    /** Keys and values of every layer; see {@link AttendedTokens}. */
    private static List<Tensor> attended(String kind, Dims dims) {
      List<Tensor> tensors = new ArrayList<>();
      for (String name : AttendedTokens.names(kind, dims)) {
        tensors.add(
            name.startsWith(kind + "keys")
                ? tensor(name, OnnxJavaType.FLOAT, ANY, dims.heads(), dims.head(), ANY)
                : tensor(name, OnnxJavaType.FLOAT, ANY, dims.heads(), ANY, dims.head()));
      }
      return tensors;
    }
  }

  static GraphSignature encoder(ModelManifest manifest, Precision precision) {
    return new GraphSignature(
        precision.file(ModelPackage.ENCODER),
        List.of(
            tensor("input_ids", OnnxJavaType.INT64, ANY, ANY),
            tensor("attention_mask", OnnxJavaType.INT64, ANY, ANY)),
        List.of(tensor("states", OnnxJavaType.FLOAT, ANY, manifest.dims().encoder())));
  }

  static GraphSignature decoder(ModelManifest manifest) {
    return new GraphSignature(
        ModelPackage.DECODER,
        segment(manifest),
        List.of(tensor("salience", OnnxJavaType.FLOAT, ANY, manifest.limits().segmentSentences())));
  }

  static GraphSignature memory(ModelManifest manifest) {
    return new GraphSignature(ModelPackage.MEMORY, segment(manifest), nextState(manifest));
  }

  private static List<Tensor> nextState(ModelManifest manifest) {
    return manifest.state().stream().map(state -> state(nextName(state), state)).toList();
  }

  /** Name of the output that is a state tensor's next value. */
  static String nextName(StateTensor state) {
    return "next_" + state.name();
  }

  static OnnxJavaType type(StateTensor state) {
    return state.type().equals("float16") ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT;
  }

  private static List<Tensor> segment(ModelManifest manifest) {
    Dims dims = manifest.dims();
    int sentences = manifest.limits().segmentSentences();
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(tensor("states", OnnxJavaType.FLOAT, ANY, sentences, dims.encoder()));
    inputs.add(tensor("features", OnnxJavaType.FLOAT, ANY, sentences, dims.features()));
    inputs.add(tensor("mask", OnnxJavaType.FLOAT, ANY, sentences));
    manifest.state().forEach(state -> inputs.add(state(state.name(), state)));
    return inputs;
  }

  private static Tensor state(String name, StateTensor state) {
    List<Long> shape = new ArrayList<>();
    shape.add(ANY);
    state.shape().forEach(dim -> shape.add((long) dim));
    return new Tensor(name, type(state), List.copyOf(shape));
  }

  private static Tensor tensor(String name, OnnxJavaType type, long... shape) {
    return new Tensor(name, type, Arrays.stream(shape).boxed().toList());
  }

  /** Throws when a graph has other inputs or outputs than these. */
  void check(PackageSource source, Map<String, NodeInfo> ins, Map<String, NodeInfo> outs) {
    check(source, "input", inputs, ins);
    check(source, "output", outputs, outs);
  }

  private void check(
      PackageSource source, String kind, List<Tensor> expected, Map<String, NodeInfo> found) {
    List<String> names = expected.stream().map(Tensor::name).toList();
    List<String> foundNames = List.copyOf(found.keySet());
    if (found.size() != names.size() || !foundNames.containsAll(names)) {
      throw source.fault(
          file, kind + "s", names.toString(), foundNames.toString(), PackageSource.EXPORT_AGAIN);
    }
    for (Tensor tensor : expected) {
      NodeInfo node = found.get(tensor.name());
      @Nullable Tensor actual = node == null ? null : describe(node, tensor.name());
      if (actual == null || !actual.isLike(tensor, kind.equals("output"))) {
        throw source.fault(
            file,
            kind + " " + tensor.name(),
            tensor + " (-1: any length)",
            actual == null ? "no tensor" : actual.toString(),
            PackageSource.EXPORT_AGAIN);
      }
    }
  }

  private static @Nullable Tensor describe(NodeInfo node, String name) {
    return node.getInfo() instanceof TensorInfo tensor
        ? tensor(name, tensor.type, tensor.getShape())
        : null;
  }
}
