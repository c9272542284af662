package io.gistream.model;

/**
 * What computes a model's graphs: an execution provider of ONNX Runtime (decision 0019). With
 * either it is the same model; bits may differ, as they may between two processors.
 */
public enum Provider {
  /** The processor. What comes out for a sentence or a segment depends on it alone, to the bit. */
  CPU,

  /**
   * A GPU of NVIDIA, by CUDA, in {@link Precision#FP32} only; the build of ONNX Runtime must have
   * it. Kernels are chosen by the shape of a batch, so that what comes out may depend, in its last
   * bits, on what shared a batch. Has not been run on a GPU yet.
   */
  CUDA;

  /**
   * Opens it once, to find out what would otherwise be found out by the first graph.
   *
   * @throws ProviderException when it cannot be used on this machine, with the reason and what to
   *     do
   * @throws IllegalStateException when ONNX Runtime itself cannot be loaded
   */
  public void require() {
    if (this == CUDA) {
      Cuda.require(NativeLibraries.onnxRuntime());
    }
  }
}
