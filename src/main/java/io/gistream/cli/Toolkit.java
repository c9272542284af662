package io.gistream.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the Python toolkit. In this order: where the user says, in the checkout that this
 * program was built from, and out of the jar, into a directory that is gone when the toolkit is
 * closed or the process ends.
 */
final class Toolkit implements AutoCloseable {
  /** Names the directory when {@code --toolkit} does not. */
  static final String VARIABLE = "GISTREAM_TOOLKIT";

  static final String REQUIREMENTS = "requirements.txt";

  private static final String RESOURCES = "/META-INF/gistream/python";
  private static final String MAIN = "srformer/__main__.py";
  private static final Path IN_CHECKOUT = Path.of("src", "main", "python");

  private final Path directory;
  private final @Nullable Thread deletion;

  private Toolkit(Path directory, @Nullable Thread deletion) {
    this.directory = directory;
    this.deletion = deletion;
  }

  /** The toolkit in a directory, which may be that of a checkout; empty when there is none. */
  static Optional<Toolkit> in(Path directory) {
    return Stream.of(directory, directory.resolve(IN_CHECKOUT))
        .filter(candidate -> Files.isRegularFile(candidate.resolve(MAIN)))
        .findFirst()
        .map(found -> new Toolkit(found.toAbsolutePath().normalize(), null));
  }

  /** The toolkit of the checkout whose build this class is in, or the one that it came with. */
  static Toolkit own() throws IOException {
    Optional<Toolkit> ofCheckout = checkout().flatMap(Toolkit::in);
    return ofCheckout.isPresent() ? ofCheckout.get() : unpack(resources());
  }

  /** The checkout: this class is in {@code target/gistream.jar} or {@code target/classes} of it. */
  private static Optional<Path> checkout() {
    CodeSource source = Toolkit.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Path.of(source.getLocation().toURI()).getParent())
          .map(Path::getParent)
          .filter(root -> Files.isRegularFile(root.resolve("pom.xml")));
    } catch (URISyntaxException | RuntimeException e) {
      return Optional.empty(); // not a place in the default file system
    }
  }

  private static URI resources() {
    URL url = Toolkit.class.getResource(RESOURCES + "/" + MAIN);
    if (url == null) {
      throw new CommandFailure(
          "this build has no Python toolkit in it; name one with --toolkit or " + VARIABLE);
    }
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a resource has a URI", e);
    }
  }

  /**
   * Copies the toolkit to a temporary directory.
   *
   * @param main where its {@code srformer/__main__.py} is, in a jar or not
   */
  static Toolkit unpack(URI main) throws IOException {
    Path directory = Files.createTempDirectory("gistream-toolkit");
    Thread deletion = new Thread(() -> Directories.delete(directory));
    Runtime.getRuntime().addShutdownHook(deletion);
    Toolkit toolkit = new Toolkit(directory, deletion);
    try {
      if (main.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(main, Map.of())) {
          copy(jar.provider().getPath(main), directory);
        }
      } else {
        copy(Path.of(main), directory);
      }
      return toolkit;
    } catch (IOException | RuntimeException e) {
      toolkit.close();
      throw e;
    }
  }

  private static void copy(Path main, Path to) throws IOException {
    Path root = main.resolveSibling("..").normalize();
    List<Path> files;
    try (Stream<Path> tree = Files.walk(root)) {
      files = tree.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : files) {
      Path target = to.resolve(root.relativize(file).toString());
      Files.createDirectories(target.resolveSibling("."));
      Files.copy(file, target);
    }
  }

  /** What Python's path must hold. */
  Path directory() {
    return directory;
  }

  /** Deletes what was unpacked. */
  @Override
  public void close() {
    if (deletion != null) {
      Directories.delete(directory);
      try {
        Runtime.getRuntime().removeShutdownHook(deletion);
      } catch (IllegalStateException e) {
        // the process is ending, and the hook deletes it once more
      }
    }
  }
}
