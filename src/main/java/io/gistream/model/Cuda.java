package io.gistream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Map;

/** The execution provider for GPUs of NVIDIA. */
final class Cuda {
  private Cuda() {}

  /** See {@link Provider#require()}. */
  static void require(OrtEnvironment environment) {
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      throw new ProviderException(
          "model.provider=cuda: this ONNX Runtime (%s) has no CUDA; build Gistream with './mvnw clean package -Pcuda', or put the jar onnxruntime_gpu of this version in place of onnxruntime, or set model.provider=cpu"
              .formatted(environment.getVersion()));
    }
    // libraries are loaded with the first session, the rest is set up with its first run
    try (SessionOptions options = Graph.options(1, Provider.CUDA);
        OrtSession session = environment.createSession(MatrixProduct.graph(), options);
        OnnxTensor one = OnnxTensor.createTensor(environment, new float[][] {{1}});
        OrtSession.Result result = session.run(Map.of("A", one, "B", one))) {
      result.size();
    } catch (OrtException e) {
      throw new ProviderException(
          "model.provider=cuda: CUDA cannot be used: %s; it takes a GPU of NVIDIA with its driver, the libraries of CUDA and cuDNN where the loader looks for them (docs/deployment.md), and room to unpack the provider in java.io.tmpdir (%s); or set model.provider=cpu"
              .formatted(
                  String.valueOf(e.getMessage()).strip(), System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  static void addTo(SessionOptions options) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      // ten bits of a mantissa are not float32
      cuda.add("use_tf32", "0");
      options.addCUDA(cuda);
    }
  }
}
