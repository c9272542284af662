package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolkitTest {
  private static final Path SOURCES = Path.of("src/main/python").toAbsolutePath();
  private static final Path RESOURCES = Path.of("target/classes/META-INF/gistream/python");

  @TempDir private Path directory;

  @Test
  void theToolkitOfTheCheckoutIsUsedWhereItIs() throws IOException {
    try (Toolkit toolkit = Toolkit.own()) {
      assertThat(toolkit.directory()).isEqualTo(SOURCES);
    }
    assertThat(SOURCES.resolve("srformer")).exists();
  }

  @Test
  void aCheckoutMayBeNamedAsWellAsItsSources() {
    assertThat(Toolkit.in(Path.of("")).orElseThrow().directory()).isEqualTo(SOURCES);
    assertThat(Toolkit.in(SOURCES).orElseThrow().directory()).isEqualTo(SOURCES);
    assertThat(Toolkit.in(directory)).isEmpty();
  }

  @Test
  void whatIsUnpackedFromClassesIsDeletedAgain() throws IOException {
    assertUnpacks(RESOURCES.resolve("srformer/__main__.py").toUri());
  }

  @Test
  void whatIsUnpackedFromAJarIsDeletedAgain() throws IOException {
    URI jar = URI.create("jar:" + directory.resolve("with space.jar").toUri());
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("create", "true"));
        Stream<Path> tree = Files.walk(RESOURCES)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        Path target =
            files.getPath("/META-INF/gistream/python", RESOURCES.relativize(file).toString());
        Files.createDirectories(target.resolveSibling(""));
        Files.copy(file, target);
      }
    }
    assertUnpacks(URI.create(jar + "!/META-INF/gistream/python/srformer/__main__.py"));
  }

  private static void assertUnpacks(URI main) throws IOException {
    Path unpacked;
    try (Toolkit toolkit = Toolkit.unpack(main)) {
      unpacked = toolkit.directory();
      Set<String> files = files(unpacked);
      assertThat(files).contains("requirements.txt", "srformer/__init__.py", "srformer/cli.py");
      Set<String> sources = files(SOURCES);
      sources.removeIf(file -> file.contains("__pycache__"));
      assertThat(files).isEqualTo(sources);
      for (String file : files) {
        assertThat(unpacked.resolve(file)).hasSameBinaryContentAs(SOURCES.resolve(file));
      }
    }
    assertThat(unpacked).doesNotExist();
  }

  private static Set<String> files(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      Set<String> files = new TreeSet<>();
      tree.filter(Files::isRegularFile)
          .forEach(file -> files.add(root.relativize(file).toString().replace('\\', '/')));
      return files;
    }
  }
}
