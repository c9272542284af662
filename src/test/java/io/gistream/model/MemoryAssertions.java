package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.platform.Fp16Conversions;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Whether a memory is that of the Python toolkit. */
final class MemoryAssertions {
  private MemoryAssertions() {}

  /**
   * Rounding to float16 turns a difference of 1e-7 into one of a whole step, which a value keeps
   * when the soft reset makes it smaller, and one beside the firing threshold may even fire in one
   * runtime only. So: close on the whole, and nearly every value within a step of the largest.
   */
  static void assertMemory(
      List<StateTensor> tensors, Memory memory, Map<String, float[]> expected, int folded) {
    for (int i = 0; i < tensors.size(); i++) {
      float[] values = widened(tensors.get(i), memory, i);
      float[] golden = expected.getOrDefault(tensors.get(i).name(), new float[0]);
      assertThat(values).hasSameSizeAs(golden);
      float largest = 0;
      for (float value : golden) {
        largest = Math.max(largest, Math.abs(value));
      }
      double sum = 0;
      int beyondOneStep = 0;
      for (int j = 0; j < values.length; j++) {
        float difference = Math.abs(values[j] - golden[j]);
        sum += difference;
        beyondOneStep += difference > Math.scalb(largest, -10) ? 1 : 0;
      }
      String what = "%s after %d folds".formatted(tensors.get(i).name(), folded);
      assertThat(sum / values.length)
          .as(what + ", mean difference")
          .isLessThan(1e-5 * Math.max(1, largest));
      assertThat(beyondOneStep).as(what + ", values apart").isLessThan(1 + values.length / 1000);
    }
  }

  private static float[] widened(StateTensor tensor, Memory memory, int index) {
    ByteBuffer values = ByteBuffer.allocate(memory.byteSize(index)).order(ByteOrder.LITTLE_ENDIAN);
    memory.copy(index, values);
    values.flip();
    boolean half = tensor.type().equals("float16");
    float[] floats = new float[values.limit() / (half ? Short.BYTES : Float.BYTES)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = half ? Fp16Conversions.fp16ToFloat(values.getShort()) : values.getFloat();
    }
    return floats;
  }
}
