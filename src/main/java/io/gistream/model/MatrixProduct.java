package io.gistream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Objects;

/**
 * Two square matrices of float32 and their product by ONNX Runtime, as a measure of what a machine
 * can do: the sessions of a model are opened with the same options.
 */
public final class MatrixProduct implements AutoCloseable {
  private final int size;
  private final Resources resources = new Resources();
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;

  /**
   * @param size of the matrices, rows and columns
   * @param threads that one product is spread over
   */
  public MatrixProduct(int size, int threads) {
    this.size = size;
    OrtEnvironment environment = NativeLibraries.onnxRuntime();
    try (SessionOptions options = Graph.options(threads, Provider.CPU)) {
      session = environment.createSession(graph(), options);
      resources.own(() -> close(session));
      inputs = Map.of("A", matrix(environment), "B", matrix(environment));
      outputs = Map.of("C", matrix(environment));
    } catch (OrtException | RuntimeException e) {
      resources.close();
      throw new IllegalStateException("ONNX Runtime does not multiply: " + e.getMessage(), e);
    }
  }

  /** Product C of the matrices A and B. */
  static byte[] graph() {
    try (InputStream in = MatrixProduct.class.getResourceAsStream("matmul.onnx")) {
      return Objects.requireNonNull(in, "matmul.onnx is not in the jar").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OnnxTensor matrix(OrtEnvironment environment) throws OrtException {
    FloatBuffer values =
        ByteBuffer.allocateDirect(size * size * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < size * size; i++) {
      values.put(i, (i % 17 - 8) / 8f); // no zeros all over, nothing that overflows
    }
    OnnxTensor tensor = OnnxTensor.createTensor(environment, values, new long[] {size, size});
    resources.own(tensor::close);
    return tensor;
  }

  /** Multiplies once: {@link #operations} multiplications and additions. */
  public void run() {
    try (OrtSession.Result result = session.run(inputs, outputs)) {
      if (result.size() != 1) {
        throw new IllegalStateException("a product has one result, not " + result.size());
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not multiply: " + e.getMessage(), e);
    }
  }

  /** Multiplications and additions of one product. */
  public double operations() {
    return 2.0 * size * size * size;
  }

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
