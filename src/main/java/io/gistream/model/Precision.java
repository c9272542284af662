package io.gistream.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * In what a model multiplies. Either way what comes out for a sentence or a segment depends on it
 * alone, to the bit; the two give different bits, so they are different models (decisions 0016 and
 * 0020).
 */
public enum Precision {
  /** 32-bit floating point. */
  FP32,

  /**
   * 8-bit integers: the encoder of family {@code compact}, encoder and decoder of families that
   * write. Two to three times as fast on processors that multiply unsigned by signed bytes in one
   * step (AVX-512 VNNI, AVX-VNNI); without them it may be slower and, where sums of two products
   * saturate, less exact.
   */
  INT8;

  private static final String ROUNDED = ".int8.onnx";

  /**
   * The file of a package that has a graph in this precision.
   *
   * @param plain the graph in {@link #FP32}: {@code encoder.onnx}
   */
  String file(String plain) {
    return this == FP32 ? plain : plain.replaceFirst("\\.onnx$", ROUNDED);
  }

  /** Whether a graph has weights in the file beside it, {@link #plain}. */
  static boolean isRounded(String file) {
    return file.endsWith(ROUNDED);
  }

  /** The graph in {@link #FP32} that a file holds in any precision. */
  static String plain(String file) {
    return isRounded(file) ? file.substring(0, file.length() - ROUNDED.length()) + ".onnx" : file;
  }

  /**
   * The graphs that a model of a family needs in this precision; it has all others in {@link
   * #FP32}.
   */
  List<String> files(ModelManifest manifest) {
    return manifest.generation() == null
        ? List.of(file(ModelPackage.ENCODER))
        : List.of(file(ModelPackage.ENCODER), file(ModelPackage.DECODER));
  }

  /** Whether a package has what a model in this precision needs. */
  public boolean isIn(ModelManifest manifest) {
    return manifest.files().keySet().containsAll(files(manifest));
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
