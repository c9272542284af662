package io.gistream.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The bytes of a package, each file checked against its digest. What is checked is what is loaded:
 * no file is read twice.
 */
final class ModelPackage {
  static final String MANIFEST = "model.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String ENCODER = "encoder.onnx";
  static final String DECODER = "decoder.onnx";
  static final String MEMORY = "memory.onnx";
  static final String GOLDENS = "goldens.json";

  private static final Set<String> RUN =
      Set.of(
          TOKENIZER,
          ENCODER,
          Precision.INT8.file(ENCODER),
          DECODER,
          Precision.INT8.file(DECODER),
          MEMORY,
          GOLDENS);

  private final PackageSource source;
  private final ModelManifest manifest;
  private final String sha256;
  private final Map<String, byte[]> files;

  private ModelPackage(
      PackageSource source, ModelManifest manifest, String sha256, Map<String, byte[]> files) {
    this.source = source;
    this.manifest = manifest;
    this.sha256 = sha256;
    this.files = files;
  }

  static ModelPackage read(PackageSource source) {
    byte[] json = source.read(MANIFEST);
    ModelManifest manifest = ManifestReader.read(source, json);
    Map<String, byte[]> files = new HashMap<>();
    for (Map.Entry<String, String> file : manifest.files().entrySet()) {
      byte[] bytes = source.read(file.getKey());
      String digest = sha256(bytes);
      if (!digest.equals(file.getValue())) {
        throw source.fault(
            file.getKey(),
            null,
            "SHA-256 " + file.getValue(),
            digest,
            "the file is damaged or of another package: " + PackageSource.COPY_AGAIN);
      }
      if (RUN.contains(file.getKey())) {
        files.put(file.getKey(), bytes);
      }
    }
    return new ModelPackage(source, manifest, sha256(json), files);
  }

  /** This package where it writes with another number of beams; its identity is the same. */
  ModelPackage withBeams(int beams) {
    return new ModelPackage(source, manifest.withBeams(beams), sha256, files);
  }

  PackageSource source() {
    return source;
  }

  ModelManifest manifest() {
    return manifest;
  }

  /** SHA-256 of the manifest, lower-case hex. */
  String sha256() {
    return sha256;
  }

  /** A file that the manifest lists. */
  byte[] bytes(String file) {
    return Objects.requireNonNull(files.get(file));
  }

  /** Whether the manifest lists a file that is run or compared with. */
  boolean has(String file) {
    return files.containsKey(file);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
