package io.gistream.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a package says of itself, and how large its files are. Reads the manifest and nothing else,
 * so that a package of any family can be described, also one that this release cannot run.
 *
 * @param location a directory, or {@code classpath:} and a folder
 * @param sha256 identity of the package: SHA-256 of its manifest, lower-case hex
 * @param writtenTokens how many written tokens a stream's memory keeps beside the state tensors, 4
 *     bytes each; 0 for a family that writes none
 * @param manifest all that {@code model.json} says
 */
public record PackageDescription(
    String location,
    String sha256,
    String name,
    String version,
    String family,
    String memory,
    String language,
    String licence,
    List<State> state,
    int writtenTokens,
    List<PackageFile> files,
    JsonNode manifest) {

  /**
   * One tensor of a stream's memory, batch axis left out.
   *
   * @param shape -1 for an axis that grows with every fold
   * @param bytes null for a tensor that grows
   */
  public record State(String name, String type, List<Integer> shape, @Nullable Long bytes) {}

  /**
   * A file that the manifest lists.
   *
   * @param sha256 as the manifest says; nobody has looked whether it is so
   * @param bytes null when the package does not have the file
   */
  public record PackageFile(String name, String sha256, @Nullable Long bytes) {}

  /**
   * Describes the package in a directory.
   *
   * @throws ModelPackageException when it has no manifest, or one without the fields that every
   *     family has
   */
  public static PackageDescription of(Path directory) {
    return read(new PackageSource.Directory(directory));
  }

  /** Describes a package on the class path, as {@link #of(Path)}. */
  public static PackageDescription bundled(String name) {
    return read(PackageSource.bundled(name));
  }

  /** Bytes of a stream's memory; empty when it grows. */
  public OptionalLong bytesPerStream() {
    long bytes = (long) writtenTokens * Integer.BYTES;
    for (State tensor : state) {
      if (tensor.bytes() == null) {
        return OptionalLong.empty();
      }
      bytes += tensor.bytes();
    }
    return OptionalLong.of(bytes);
  }

  static PackageDescription read(PackageSource source) {
    byte[] json = source.read(ModelPackage.MANIFEST);
    JsonNode manifest = ManifestReader.parse(source, ModelPackage.MANIFEST, json);
    ManifestField root = new ManifestField(source, "", manifest);
    return new PackageDescription(
        source.location(),
        ModelPackage.sha256(json),
        root.get("name").text(),
        root.get("version").text(),
        root.get("family").text(),
        root.get("memory").text(),
        root.get("language").text(),
        root.get("licence").text(),
        state(root.get("state")),
        root.find("generation")
            .flatMap(generation -> generation.find("prefixTokens"))
            .map(ManifestField::tokenId)
            .orElse(0),
        files(source, root.get("files")),
        manifest);
  }

  private static List<State> state(ManifestField state) {
    List<State> tensors = new ArrayList<>();
    for (ManifestField tensor : state.elements()) {
      String type = tensor.get("type").text();
      List<Integer> shape =
          tensor.get("shape").elements().stream().map(ManifestField::axis).toList();
      boolean grows = shape.contains(ModelManifest.StateTensor.GROWING);
      tensors.add(
          new State(
              tensor.get("name").text(),
              type,
              shape,
              grows
                  ? null
                  : MemoryLayout.byteSize(new ModelManifest.StateTensor("", type, shape))));
    }
    return List.copyOf(tensors);
  }

  private static List<PackageFile> files(PackageSource source, ManifestField files) {
    List<PackageFile> described = new ArrayList<>();
    ManifestReader.digests(files)
        .forEach(
            (name, sha256) -> described.add(new PackageFile(name, sha256, size(source, name))));
    return List.copyOf(described);
  }

  private static @Nullable Long size(PackageSource source, String file) {
    try {
      return source.size(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw source.fault(
          file, null, "a readable file", e.toString(), "check the file and its rights", e);
    }
  }
}
