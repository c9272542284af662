package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** One graph of a package in an ONNX Runtime session of its own. Thread-safe, but for close. */
final class Graph implements Resources.Resource {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final GraphSignature signature;
  private final String model;
  private final BufferPool buffers = new BufferPool();
  private final LongAdder runs = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  private Graph(
      OrtEnvironment environment, OrtSession session, GraphSignature signature, String model) {
    this.environment = environment;
    this.session = session;
    this.signature = signature;
    this.model = model;
  }

  /** Puts the inputs of one run together. */
  @FunctionalInterface
  interface Filler {
    void fill(GraphInputs inputs) throws OrtException;
  }

  static Graph open(ModelPackage model, GraphSignature signature, SummaryModel.Options how) {
    OrtEnvironment environment = NativeLibraries.onnxRuntime();
    PackageSource source = model.source();
    try (SessionOptions options = options(how.intraOpThreads(), how.provider())) {
      OrtSession session = session(environment, model, signature.file(), options);
      try {
        signature.check(source, session.getInputInfo(), session.getOutputInfo());
      } catch (RuntimeException | OrtException e) {
        session.close();
        throw e;
      }
      ModelManifest manifest = model.manifest();
      return new Graph(environment, session, signature, manifest.name() + " " + manifest.version());
    } catch (OrtException e) {
      throw source.fault(
          signature.file(),
          null,
          "a graph for ONNX Runtime " + environment.getVersion(),
          String.valueOf(e.getMessage()),
          how.provider() == Provider.CUDA // which is there, but its memory may be full
              ? "see what else uses the GPU, or open it with model.provider=cpu; if that fails too, "
                  + PackageSource.EXPORT_AGAIN
              : PackageSource.EXPORT_AGAIN,
          e);
    }
  }

  private static OrtSession session(
      OrtEnvironment environment, ModelPackage model, String file, SessionOptions options)
      throws OrtException {
    if (!Precision.isRounded(file)) {
      return environment.createSession(model.bytes(file), options);
    }
    try (UnpackedGraph graph = new UnpackedGraph(model, file, Precision.plain(file))) {
      return environment.createSession(graph.path().toString(), options);
    }
  }

  static SessionOptions options(int intraOpThreads, Provider provider) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.setDeterministicCompute(true);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setInterOpNumThreads(1);
      options.setIntraOpNumThreads(intraOpThreads);
      // a waiting thread must not take a core from the other streams
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // weights would otherwise share the arena's blocks with what comes and goes
      options.addConfigEntry("session.use_device_allocator_for_initializers", "1");
      // a plan kept for each shape of a batch costs more memory than it saves time
      options.setMemoryPatternOptimization(false);
      if (provider == Provider.CUDA) {
        Cuda.addTo(options);
      }
      return options;
    } catch (RuntimeException | OrtException e) {
      options.close();
      throw e;
    }
  }

  /** Runs the graph; the outputs, little-endian, in the order of the signature. */
  List<ByteBuffer> run(Filler filler) {
    try (GraphInputs inputs = new GraphInputs(environment, buffers)) {
      filler.fill(inputs);
      long began = System.nanoTime();
      try (OrtSession.Result result = session.run(inputs.tensors())) {
        count(began);
        List<ByteBuffer> outputs = new ArrayList<>();
        for (GraphSignature.Tensor tensor : signature.outputs()) {
          OnnxValue value = result.get(tensor.name()).orElseThrow();
          outputs.add(((OnnxTensor) value).getByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /** A tensor over a lent buffer, its values whatever they are. */
  LentTensor lend(OnnxJavaType type, long... shape) {
    try {
      return LentTensor.take(environment, buffers, type, shape);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /**
   * Runs the graph from tensors that the caller holds into tensors that the caller holds: nothing
   * is copied.
   *
   * @param outputs some of the outputs, or all, in the very shape they will have
   */
  void run(Map<String, LentTensor> inputs, Map<String, LentTensor> outputs) {
    Map<String, OnnxTensor> in = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> in.put(name, tensor.tensor()));
    Map<String, OnnxTensor> out = new LinkedHashMap<>();
    outputs.forEach((name, tensor) -> out.put(name, tensor.tensor()));
    long began = System.nanoTime();
    // closing the result leaves what it was given alone
    try (OrtSession.Result result = session.run(in, out)) {
      count(began);
      if (result.size() != out.size()) {
        throw new IllegalStateException(
            "%s of model %s gave %d outputs for %d"
                .formatted(signature.file(), model, result.size(), out.size()));
      }
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private void count(long began) {
    nanos.add(System.nanoTime() - began);
    runs.increment();
  }

  GraphUse use() {
    return new GraphUse(signature.file().replaceFirst("\\..*$", ""), runs.sum(), nanos.sum());
  }

  private IllegalStateException failed(OrtException e) {
    return new IllegalStateException(
        "%s of model %s failed: %s".formatted(signature.file(), model, e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(
          "%s of model %s cannot be closed: %s".formatted(signature.file(), model, e.getMessage()),
          e);
    }
  }
}
