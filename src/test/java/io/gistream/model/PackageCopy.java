package io.gistream.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** A copy of a test package on disk, to be damaged. */
public final class PackageCopy {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  private PackageCopy(Path directory) {
    this.directory = directory;
  }

  public static PackageCopy of(String name, Path directory) throws IOException {
    URI uri;
    try {
      uri =
          Objects.requireNonNull(
                  PackageCopy.class.getResource("/models/" + name + "/model.json"), name)
              .toURI();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    Path from = Objects.requireNonNull(Path.of(uri).getParent());
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(from.relativize(file)));
      }
    }
    return new PackageCopy(directory);
  }

  public Path directory() {
    return directory;
  }

  public Path file(String name) {
    return directory.resolve(name);
  }

  public byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  /** Changes {@code model.json}. */
  public PackageCopy manifest(Consumer<ObjectNode> change) throws IOException {
    ObjectNode manifest = (ObjectNode) JSON.readTree(bytes("model.json"));
    change.accept(manifest);
    Files.write(file("model.json"), JSON.writeValueAsBytes(manifest));
    return this;
  }

  /** Writes a file and its digest in the manifest, as an exporter would. */
  public PackageCopy replace(String name, byte[] bytes) throws IOException {
    Files.write(file(name), bytes);
    return manifest(manifest -> ((ObjectNode) manifest.get("files")).put(name, sha256(bytes)));
  }

  /** Replaces a name inside a graph by one of the same length. */
  public PackageCopy rename(String graph, String from, String to) throws IOException {
    if (from.length() != to.length()) {
      throw new IllegalArgumentException("lengths differ: " + List.of(from, to));
    }
    String latin = new String(bytes(graph), StandardCharsets.ISO_8859_1);
    return replace(graph, latin.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
