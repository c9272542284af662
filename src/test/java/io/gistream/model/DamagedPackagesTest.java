package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A package or a memory whose bytes were cut or flipped is refused with what is wrong. */
class DamagedPackagesTest {
  private static final int FLIPS = Integer.getInteger("fuzz.flips", 500);

  private final Random random = new Random(3);
  private PackageCopy copy;

  @TempDir private Path directory;

  @BeforeEach
  void copyPackage() throws IOException {
    copy = PackageCopy.of("tiny", Files.createDirectory(directory.resolve("package")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder.onnx", "decoder.onnx", "memory.onnx", "tokenizer.json"})
  void anyBitOfAFileThatIsFlippedIsNoticed(String file) throws IOException {
    byte[] good = copy.bytes(file);
    for (int i = 0; i < 20; i++) {
      byte[] damaged = good.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(copy.file(file), damaged);
      assertRefused(file, "SHA-256");
      Files.write(copy.file(file), Arrays.copyOf(good, random.nextInt(good.length)));
      assertRefused(file, "SHA-256");
    }
  }

  @Test
  void aManifestWithBitsFlippedIsAnotherOrRefused() throws IOException {
    byte[] good = copy.bytes("model.json");
    int refused = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] damaged = good.clone();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        ManifestReader.read(new PackageSource.Directory(copy.directory()), damaged);
      } catch (ModelPackageException e) {
        assertThat(e).hasMessageContaining("model.json");
        refused++;
      }
    }
    assertThat(refused).isBetween(FLIPS / 4, FLIPS);
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

  @ParameterizedTest
  @ValueSource(strings = {"tiny", "tiny-bart", "tiny-bart-full"})
  void aMemoryCutShortOrWithItsHeaderFlippedIsRefused(String name) {
    try (SummaryModel model = SummaryModel.load(Path.of("src/test/resources/models", name))) {
      byte[] good = model.emptyMemory().toBytes();
      for (int i = 0; i < FLIPS; i++) {
        byte[] cut = Arrays.copyOf(good, random.nextInt(good.length));
        assertThatThrownBy(() -> model.memory(cut)).isInstanceOf(IllegalArgumentException.class);
        byte[] flipped = good.clone();
        flipped[random.nextInt(40)] ^= (byte) (1 << random.nextInt(8));
        assertThatThrownBy(() -> model.memory(flipped))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("memory");
      }
    }
  }

  @Test
  void aMemoryWithLengthsFlippedIsReadOrRefusedButTakesNoMoreThanItHas() {
    try (SummaryModel model =
        SummaryModel.load(Path.of("src/test/resources/models/tiny-bart-full"))) {
      byte[] good = model.emptyMemory().toBytes();
      for (int i = 0; i < FLIPS; i++) {
        byte[] flipped = Arrays.copyOf(good, good.length + random.nextInt(100));
        for (int flips = random.nextInt(3); flips >= 0; flips--) {
          flipped[40 + random.nextInt(flipped.length - 40)] ^= (byte) (1 << random.nextInt(8));
        }
        try {
          assertThat(model.memory(flipped).sizeInBytes()).isEqualTo(flipped.length);
        } catch (IllegalArgumentException e) {
          assertThat(e).hasMessageContaining("memory of model");
        }
      }
    }
  }
}
