package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A package that is not as it must be is refused with what is wrong; {@link FuzzedPackagesTest}.
 */
class DamagedPackagesTest {
  private PackageCopy copy;

  @TempDir private Path directory;

  @BeforeEach
  void copyPackage() throws IOException {
    copy = PackageCopy.of("tiny", Files.createDirectory(directory.resolve("package")));
  }

  @Test
  void aManifestCutShortIsRefused() throws IOException {
    byte[] good = copy.bytes("model.json");
    int end = new String(good, java.nio.charset.StandardCharsets.UTF_8).stripTrailing().length();
    for (int length = 0; length < end; length += 7) {
      Files.write(copy.file("model.json"), Arrays.copyOf(good, length));
      assertRefused("model.json", "");
    }
  }

  @Test
  void aManifestNestedWithoutEndIsRefused() throws IOException {
    for (String nested : List.of("[", "{\"a\":")) {
      Files.writeString(copy.file("model.json"), nested.repeat(200_000));
      assertRefused("model.json", "");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../encoder.onnx", "/etc/passwd", "..", "a/b", "a\\b", "encoder.onnx\u0000", ""})
  void aNameThatLeadsOutOfThePackageIsRefused(String name) throws IOException {
    copy.manifest(manifest -> ((ObjectNode) manifest.get("files")).put(name, "0".repeat(64)));
    assertRefused("model.json", "a plain file name");
  }

  @Test
  void aLinkIsReadOnlyIfItLeadsToAFileAndWhatItLeadsToIsChecked() throws IOException {
    Path outside = directory.resolve("outside");
    Files.move(copy.file("encoder.onnx"), outside);
    Path link = Files.createSymbolicLink(copy.file("encoder.onnx"), outside);
    try (SummaryModel model = SummaryModel.load(copy.directory())) {
      assertThat(model.manifest().name()).isEqualTo("tiny");
    }
    Files.writeString(outside, "another file");
    assertRefused("encoder.onnx", "SHA-256");
    for (Path elsewhere : List.of(Path.of("/dev/zero"), directory, link)) {
      Files.delete(link);
      Files.createSymbolicLink(link, elsewhere);
      assertRefused("encoder.onnx", "a readable file");
    }
  }

  private void assertRefused(String file, String expected) {
    assertThatThrownBy(() -> SummaryModel.load(copy.directory()))
        .isInstanceOf(ModelPackageException.class)
        .hasMessageContaining(file)
        .hasMessageContaining(expected);
  }
}
