package io.gistream.model;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.onnxruntime.OrtEnvironment;

/**
 * The two libraries of native code. Each is unpacked from its jar when first used: ONNX Runtime
 * into {@code java.io.tmpdir}, the tokenizer once per user into {@code ~/.djl.ai} (or {@code
 * ENGINE_CACHE_DIR}), by a rename, so that processes may start side by side.
 */
final class NativeLibraries {
  static {
    // or DJL asks cloud metadata addresses who it runs for, and looks for a build with CUDA
    setIfAbsent("OPT_OUT_TRACKING");
    setIfAbsent("ai.djl.offline");
  }

  private NativeLibraries() {}

  private static void setIfAbsent(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "true");
    }
  }

  static OrtEnvironment onnxRuntime() {
    try {
      return OrtEnvironment.getEnvironment();
    } catch (LinkageError | RuntimeException e) {
      throw new IllegalStateException(
          "ONNX Runtime cannot be loaded: %s; java.io.tmpdir (%s) must be writable and allow execution, with 30 MB free"
              .formatted(e, System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  static void tokenizers() {
    try {
      LibUtils.checkStatus();
    } catch (LinkageError | EngineException e) {
      throw new IllegalStateException(
          "the tokenizer library cannot be loaded: %s; the home directory must be writable and allow execution, with 20 MB free, or ENGINE_CACHE_DIR must name a directory that is"
              .formatted(e),
          e);
    }
  }
}
