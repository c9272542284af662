package io.gistream.model;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * In what the encoder multiplies. Either way a sentence's state depends on that sentence alone, to
 * the bit; the two give different bits, so they are different models (decision 0016).
 */
public enum Precision {
  /** 32-bit floating point. */
  FP32("encoder.onnx"),

  /**
   * 8-bit integers, for family {@code compact}: about two and a half times as fast on processors
   * that multiply unsigned by signed bytes in one step (AVX-512 VNNI, AVX-VNNI); without them it
   * may be slower and, where sums of two products saturate, less exact.
   */
  INT8("encoder.int8.onnx");

  private final String encoder;

  Precision(String encoder) {
    this.encoder = encoder;
  }

  /** The encoder's graph in a package. */
  public String encoder() {
    return encoder;
  }

  /**
   * Identity of a model: the SHA-256 of its manifest for {@link #FP32}, and for {@link #INT8} that
   * of those 64 hex digits followed by {@code " int8"}; lower-case hex.
   */
  String identity(String manifestSha256) {
    return this == FP32
        ? manifestSha256
        : ModelPackage.sha256(
            (manifestSha256 + " " + name().toLowerCase(Locale.ROOT))
                .getBytes(StandardCharsets.UTF_8));
  }
}
