package io.gistream.model;

import io.gistream.model.ModelManifest.Dims;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the {@link MemoryActivity} of one model's memories. */
final class MemoryGauge {
  private static final String FIRES = "raf";

  /** Learned as logarithms: [layers, heads]. */
  private static final String THRESHOLDS = "theta_log";

  private final Dims dims;
  private final @Nullable StateTensor matrices;
  private final float @Nullable [][] threshold;

  private MemoryGauge(Dims dims, @Nullable StateTensor matrices, float @Nullable [][] threshold) {
    this.dims = dims;
    this.matrices = matrices;
    this.threshold = threshold;
  }

  static MemoryGauge of(ModelPackage files) {
    ModelManifest manifest = files.manifest();
    if (manifest.state().isEmpty()) {
      return new MemoryGauge(manifest.dims(), null, null);
    }
    StateTensor first = manifest.state().get(0);
    if (!isByHead(first, manifest.dims())) {
      return new MemoryGauge(manifest.dims(), null, null);
    }
    return new MemoryGauge(manifest.dims(), first, thresholds(files, manifest));
  }

  /** One matrix for each head of each layer, and nothing else. */
  private static boolean isByHead(StateTensor tensor, Dims dims) {
    return !tensor.grows()
        && tensor.shape().size() > 2
        && tensor.shape().get(0) == dims.layers()
        && tensor.shape().get(1) == dims.heads();
  }

  private static float @Nullable [][] thresholds(ModelPackage files, ModelManifest manifest) {
    if (!manifest.memory().equals(FIRES)) {
      return null;
    }
    int layers = manifest.dims().layers();
    int heads = manifest.dims().heads();
    Optional<float[]> logs =
        OnnxInitializers.floats(files.bytes(ModelPackage.MEMORY), THRESHOLDS, layers * heads);
    if (logs.isEmpty()) {
      return null;
    }
    float[][] threshold = new float[layers][heads];
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        threshold[layer][head] = (float) Math.exp(logs.get()[layer * heads + head]);
      }
    }
    return threshold;
  }

  /** theta, {@code [layer][head]}; null where nothing fires. */
  float @Nullable [][] threshold() {
    return threshold;
  }

  MemoryActivity read(Memory memory) {
    StateTensor tensor = matrices;
    if (tensor == null) {
      return new MemoryActivity(null, null);
    }
    ByteBuffer values = ByteBuffer.allocate(memory.byteSize(0)).order(ByteOrder.LITTLE_ENDIAN);
    memory.copy(0, values);
    values.flip();
    boolean half = tensor.type().equals("float16");
    int neurons = values.remaining() / (half ? 2 : 4) / (dims.layers() * dims.heads());
    float[][] potential = new float[dims.layers()][dims.heads()];
    float[][] firing = new float[dims.layers()][dims.heads()];
    for (int layer = 0; layer < dims.layers(); layer++) {
      for (int head = 0; head < dims.heads(); head++) {
        double sum = 0;
        int fires = 0;
        for (int i = 0; i < neurons; i++) {
          float u = half ? fromHalf(values.getShort()) : values.getFloat();
          sum += Math.abs(u);
          fires += threshold != null && u > threshold[layer][head] ? 1 : 0;
        }
        potential[layer][head] = (float) (sum / neurons);
        firing[layer][head] = (float) fires / neurons;
      }
    }
    return new MemoryActivity(potential, threshold == null ? null : firing);
  }

  /** IEEE 754 binary16 as binary32. */
  static float fromHalf(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
