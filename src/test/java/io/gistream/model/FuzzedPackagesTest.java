package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.fuzz.Damage;
import io.gistream.fuzz.FuzzRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Packages and memories with bytes cut, flipped and put in: refused with what is wrong, or read.
 */
class FuzzedPackagesTest {
  private static final int MEMORY_HEADER = 40;
  private static final List<String> FILES =
      List.of("encoder.onnx", "decoder.onnx", "memory.onnx", "tokenizer.json");
  private static final List<SummaryModel> MODELS = new ArrayList<>();

  private static Path directory;
  private static PackageCopy copy;

  @BeforeContainer
  static void copyPackage() throws IOException {
    directory = Files.createTempDirectory("gistream-fuzzed-packages");
    copy = PackageCopy.of("tiny", directory);
    for (String name : List.of("tiny", "tiny-bart", "tiny-bart-full")) {
      MODELS.add(SummaryModel.load(Path.of("src/test/resources/models", name)));
    }
  }

  @AfterContainer
  static void cleanUp() throws IOException {
    MODELS.forEach(SummaryModel::close);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.of(FILES);
  }

  @Provide
  Arbitrary<Damage> damages() {
    return Damage.any();
  }

  @Provide
  Arbitrary<Damage> flips() {
    return Damage.flips();
  }

  @Property(tries = 200)
  @AddLifecycleHook(FuzzRun.class)
  void aDamagedFileIsNoticedByItsDigest(
      @ForAll("files") String file, @ForAll("damages") Damage damage) throws IOException {
    byte[] good = copy.bytes(file);
    byte[] damaged = damage.of(good);
    Files.write(copy.file(file), damaged);
    try {
      if (Arrays.equals(good, damaged)) {
        SummaryModel.load(copy.directory()).close();
      } else {
        assertThatThrownBy(() -> SummaryModel.load(copy.directory()))
            .isInstanceOf(ModelPackageException.class)
            .hasMessageContaining(file)
            .hasMessageContaining("SHA-256");
      }
    } finally {
      Files.write(copy.file(file), good);
    }
  }

  /** As by an exporter that fails. */
  @Property(tries = 200)
  @AddLifecycleHook(FuzzRun.class)
  void aFileThatWasDamagedBeforeItsDigestWasTakenIsRefusedOrWorks(
      @ForAll("files") String file, @ForAll("damages") Damage damage) throws IOException {
    byte[] good = copy.bytes(file);
    try {
      copy.replace(file, damage.of(good));
      SummaryModel.load(copy.directory()).close();
    } catch (ModelPackageException e) {
      assertThat(e).hasMessageContaining(file);
    } finally {
      copy.replace(file, good);
    }
  }

  @Property(tries = 500)
  @AddLifecycleHook(FuzzRun.class)
  void aDamagedManifestIsAnotherOrRefused(@ForAll("damages") Damage damage) throws IOException {
    try {
      ManifestReader.read(
          new PackageSource.Directory(copy.directory()), damage.of(copy.bytes("model.json")));
    } catch (ModelPackageException e) {
      assertThat(e).hasMessageContaining("model.json");
    }
  }

  @Provide
  Arbitrary<SummaryModel> models() {
    return Arbitraries.of(MODELS);
  }

  @Provide
  Arbitrary<Damage> cuts() {
    return Damage.cut();
  }

  @Property(tries = 1_000)
  @AddLifecycleHook(FuzzRun.class)
  void aMemoryCutShortIsRefused(
      @ForAll("models") SummaryModel model, @ForAll("cuts") Damage damage) {
    byte[] cut = damage.of(model.emptyMemory().toBytes());
    assertThatThrownBy(() -> model.memory(cut)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 1_000)
  @AddLifecycleHook(FuzzRun.class)
  void aMemoryWithABitOfItsHeaderFlippedIsRefused(
      @ForAll("models") SummaryModel model,
      @ForAll @IntRange(max = MEMORY_HEADER * Byte.SIZE - 1) int bit) {
    byte[] flipped = model.emptyMemory().toBytes();
    flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
    assertThatThrownBy(() -> model.memory(flipped))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("memory");
  }

  @Property(tries = 1_000)
  @AddLifecycleHook(FuzzRun.class)
  void aMemoryOfAnyBytesIsReadOrRefusedButTakesNoMoreThanItHas(
      @ForAll("models") SummaryModel model,
      @ForAll @IntRange(max = 100) int more,
      @ForAll("flips") Damage damage) {
    byte[] good = model.emptyMemory().toBytes();
    byte[] body = Arrays.copyOfRange(good, MEMORY_HEADER, good.length + more);
    byte[] damaged = Arrays.copyOf(good, MEMORY_HEADER + body.length);
    System.arraycopy(damage.of(body), 0, damaged, MEMORY_HEADER, body.length);
    try {
      assertThat(model.memory(damaged).sizeInBytes()).isEqualTo(damaged.length);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("memory");
    }
  }
}
