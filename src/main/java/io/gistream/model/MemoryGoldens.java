package io.gistream.model;

import ai.onnxruntime.platform.Fp16Conversions;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The memory after some of the segments.
 *
 * @param after number of segments folded -> state tensor -> values, widened to float
 */
record MemoryGoldens(Map<Integer, Map<String, float[]>> after) {
  static MemoryGoldens read(ManifestField root, ModelManifest manifest, int segments) {
    Map<Integer, Map<String, float[]>> memories = new LinkedHashMap<>();
    ManifestField after = root.get("memoryAfterSegments");
    after
        .members()
        .forEach(
            (key, tensors) -> {
              int folds =
                  folds(key, segments)
                      .orElseThrow(
                          () ->
                              tensors.fault(
                                  "a number of segments from 1 to %d as the key"
                                      .formatted(segments)));
              Map<String, float[]> values = new LinkedHashMap<>();
              for (StateTensor tensor : manifest.state()) {
                values.put(tensor.name(), values(tensors.get(tensor.name()), tensor));
              }
              memories.put(folds, values);
            });
    if (!memories.isEmpty() && manifest.state().isEmpty()) {
      throw after.fault("no values, since the package has no memory");
    }
    return new MemoryGoldens(memories);
  }

  private static Optional<Integer> folds(String key, int segments) {
    try {
      int folds = Integer.parseInt(key);
      return folds >= 1 && folds <= segments ? Optional.of(folds) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static float[] values(ManifestField field, StateTensor tensor) {
    int unit = 1;
    for (int axis : tensor.shape()) {
      unit = axis == StateTensor.GROWING ? unit : Math.multiplyExact(unit, axis);
    }
    return tensor.grows() ? field.floatsInUnitsOf(unit) : field.floats(unit);
  }

  /** Compares a memory, where there are values of it. */
  void compare(List<StateTensor> state, Memory memory, int folded, GoldensTally tally) {
    Map<String, float[]> expected = after.getOrDefault(folded, Map.of());
    for (int i = 0; i < state.size(); i++) {
      float[] golden = expected.get(state.get(i).name());
      if (golden != null) {
        tally.memory(
            "memory." + state.get(i).name(), folded, golden, widened(memory, i, state.get(i)));
      }
    }
  }

  private static float[] widened(Memory memory, int index, StateTensor tensor) {
    boolean half = tensor.type().equals("float16");
    ByteBuffer values = ByteBuffer.allocate(memory.byteSize(index)).order(ByteOrder.LITTLE_ENDIAN);
    memory.copy(index, values);
    values.flip();
    float[] floats = new float[values.limit() / (half ? Short.BYTES : Float.BYTES)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = half ? Fp16Conversions.fp16ToFloat(values.getShort()) : values.getFloat();
    }
    return floats;
  }
}
