package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.GoldensReport.Comparison;
import io.gistream.model.GoldensReport.Difference;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Java and Python make the same of the same package, and where they did not it would be seen. */
class GoldensTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  /** The goldens beside a test package, or those of the bundled one. */
  static CompactGoldens goldens(String name) {
    return (CompactGoldens) read(name);
  }

  /** The goldens beside a package that writes. */
  static WritingGoldens writingGoldens(String name) {
    return (WritingGoldens) read(name);
  }

  private static Goldens read(String name) {
    PackageSource source = PackageSource.bundled(name);
    try {
      byte[] json = Files.readAllBytes(file(name));
      return Goldens.read(
          PackageGoldens.parse(source, name + ".json", json), ModelPackage.read(source).manifest());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(GoldensTest.class.getResource("/goldens/" + name + ".json"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compact-raf", "tiny", "tiny-none"})
  void theGoldensBesideAPackageAreOfItAndAgree(String name) {
    PackageVerification verification = PackageVerification.bundled(name, file(name));
    GoldensReport report = Objects.requireNonNull(verification.goldens());
    assertThat(report.firstDifference()).isNull();
    assertThat(verification.passed()).isTrue();

    CompactGoldens goldens = goldens(name);
    assertThat(report.segments()).isEqualTo(goldens.segments().size()).isGreaterThanOrEqualTo(20);
    assertThat(report.sentences()).isEqualTo(goldens.sentenceCount());
    Map<String, Long> values =
        report.comparisons().stream()
            .collect(Collectors.toMap(Comparison::field, Comparison::values));
    ModelManifest manifest = ModelPackage.read(PackageSource.bundled(name)).manifest();
    assertThat(values)
        .containsEntry("salience", (long) goldens.sentenceCount())
        .containsEntry("features", (long) goldens.sentenceCount() * manifest.dims().features())
        .containsEntry(
            "states",
            (long) manifest.dims().encoder()
                * goldens.segments().subList(0, 2).stream()
                    .mapToLong(step -> step.sentences().size())
                    .sum())
        .containsEntry(
            "tokens",
            goldens.segments().stream()
                .flatMap(step -> step.tokens().stream())
                .mapToLong(row -> row.length)
                .sum());
    for (ModelManifest.StateTensor tensor : manifest.state()) {
      assertThat(values)
          .containsEntry(
              "memory." + tensor.name(), 3L * tensor.shape().stream().reduce(1, (a, b) -> a * b));
    }
    assertThat(values).hasSize(4 + manifest.state().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny", "tiny-none"})
  void theGoldensInsideAPackageAgree(String name) {
    GoldensReport report =
        Objects.requireNonNull(PackageVerification.bundled(name, null).goldens());
    assertThat(report.source()).isEqualTo("goldens.json");
    assertThat(report.firstDifference()).isNull();
    assertThat(report.segments()).isGreaterThanOrEqualTo(20);
  }

  @Test
  void aPackageMayHaveNone() throws IOException {
    PackageCopy copy = PackageCopy.of("tiny", directory);
    copy.manifest(manifest -> ((ObjectNode) manifest.get("files")).remove("goldens.json"));
    PackageVerification verification = PackageVerification.of(directory, null);
    assertThat(verification.goldens()).isNull();
    assertThat(verification.passed()).isTrue();
    assertThat(verification.graphs())
        .containsExactly("encoder.onnx", "decoder.onnx", "memory.onnx");
  }

  private static ObjectNode segment(ObjectNode goldens, int number) {
    return (ObjectNode) goldens.get("segments").get(number - 1);
  }

  /** Changes one of the floats of a field. */
  private static void change(ObjectNode parent, String field, int index, UnaryOperator<Float> how) {
    ByteBuffer values =
        ByteBuffer.wrap(Base64.getDecoder().decode(parent.get(field).textValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    values.putFloat(index * Float.BYTES, how.apply(values.getFloat(index * Float.BYTES)));
    parent.put(field, Base64.getEncoder().encodeToString(values.array()));
  }

  private static Arguments altered(
      String field, int segment, Integer sentence, Consumer<ObjectNode> change) {
    return Arguments.of(field, segment, sentence, change);
  }

  private static ObjectNode memoryAfter(ObjectNode goldens, String folds) {
    return (ObjectNode) goldens.get("memoryAfterSegments").get(folds);
  }

  static Stream<Arguments> alterations() {
    return Stream.of(
        altered("salience", 7, 2, g -> change(segment(g, 7), "salience", 1, v -> v + 0.01f)),
        altered("salience", 7, 2, g -> change(segment(g, 7), "salience", 1, v -> Float.NaN)),
        altered("salience", 1, 1, g -> change(segment(g, 1), "salience", 0, v -> v + 0.0003f)),
        altered("states", 2, 3, g -> change(segment(g, 2), "states", 2 * 32 + 5, v -> v - 0.0002f)),
        altered("features", 4, 2, g -> change(segment(g, 4), "features", 4, Math::nextUp)),
        altered(
            "tokens",
            3,
            2,
            g -> {
              ArrayNode row = (ArrayNode) segment(g, 3).get("tokens").get(1);
              row.set(4, row.get(4).intValue() + 1);
            }),
        altered("tokens", 3, 1, g -> ((ArrayNode) segment(g, 3).get("tokens").get(0)).remove(2)),
        altered(
            "memory.membrane",
            20,
            null,
            g -> change(memoryAfter(g, "20"), "membrane", 100, v -> v + 1f)),
        altered(
            "memory.membrane",
            1,
            null,
            g -> {
              for (int i = 0; i < 512; i++) {
                change(memoryAfter(g, "1"), "membrane", i, v -> v + 2e-5f);
              }
            }));
  }

  @ParameterizedTest(name = "{0} of segment {1}")
  @MethodSource("alterations")
  void anAlteredValueIsNamed(
      String field, int segment, Integer sentence, Consumer<ObjectNode> change) throws IOException {
    ObjectNode goldens = (ObjectNode) JSON.readTree(Files.readAllBytes(file("tiny")));
    change.accept(goldens);
    Path altered = directory.resolve("altered.json");
    Files.write(altered, JSON.writeValueAsBytes(goldens));

    PackageVerification verification = PackageVerification.bundled("tiny", altered);

    assertThat(verification.passed()).isFalse();
    GoldensReport report = Objects.requireNonNull(verification.goldens());
    Difference first = Objects.requireNonNull(report.firstDifference());
    assertThat(first.field()).isEqualTo(field);
    assertThat(first.segment()).isEqualTo(segment);
    assertThat(first.sentence()).isEqualTo(sentence);
    assertThat(first.expected()).isNotEqualTo(first.found());
    List<String> others = new ArrayList<>();
    for (Comparison comparison : report.comparisons()) {
      if (comparison.field().equals(field)) {
        assertThat(comparison.largestDifference()).isGreaterThan(0);
      } else {
        others.add(comparison.field());
        assertThat(comparison.largestDifference()).isLessThan(1e-3);
      }
    }
    assertThat(others).hasSize(4);
  }

  @Test
  void theFirstOfSeveralDifferencesIsNamed() throws IOException {
    ObjectNode goldens = (ObjectNode) JSON.readTree(Files.readAllBytes(file("tiny")));
    for (int number : List.of(9, 5, 12)) {
      change(segment(goldens, number), "salience", 0, v -> v + 1f);
    }
    Path altered = directory.resolve("altered.json");
    Files.write(altered, JSON.writeValueAsBytes(goldens));
    GoldensReport report =
        Objects.requireNonNull(PackageVerification.bundled("tiny", altered).goldens());
    assertThat(Objects.requireNonNull(report.firstDifference()).segment()).isEqualTo(5);
  }

  static Stream<Arguments> malformations() {
    return Stream.of(
        Arguments.of(
            "modelSha256: expected the package's SHA-256, ",
            (Consumer<ObjectNode>) g -> g.put("modelSha256", "0".repeat(64))),
        Arguments.of(
            "segments: expected a value", (Consumer<ObjectNode>) g -> g.remove("segments")),
        Arguments.of(
            "segments: expected at least one segment",
            (Consumer<ObjectNode>) g -> g.putArray("segments")),
        Arguments.of(
            "segments[1].salience: expected 3 float32, 12 bytes, found 4 bytes",
            (Consumer<ObjectNode>) g -> segment(g, 2).put("salience", "AAAAAA==")),
        Arguments.of(
            "segments[1].salience: expected base64, found \"?\"",
            (Consumer<ObjectNode>) g -> segment(g, 2).put("salience", "?")),
        Arguments.of(
            "segments[0].tokens: expected a row for each of 1 sentences",
            (Consumer<ObjectNode>) g -> segment(g, 1).putArray("tokens")),
        Arguments.of(
            "segments[0].sentences: expected 1 to 4 sentences (limits.segmentSentences)",
            (Consumer<ObjectNode>)
                g -> {
                  ArrayNode many = segment(g, 1).putArray("sentences");
                  List.of("a", "b", "c", "d", "e").forEach(many::add);
                }),
        Arguments.of(
            "memoryAfterSegments.0: expected a number of segments from 1 to 23 as the key",
            (Consumer<ObjectNode>) g -> ((ObjectNode) g.get("memoryAfterSegments")).putObject("0")),
        Arguments.of(
            "memoryAfterSegments.2.membrane: expected a value, found none",
            (Consumer<ObjectNode>) g -> memoryAfter(g, "2").remove("membrane")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformations")
  void goldensThatCannotBeOfThePackageAreRefused(String message, Consumer<ObjectNode> change)
      throws IOException {
    ObjectNode goldens = (ObjectNode) JSON.readTree(Files.readAllBytes(file("tiny")));
    change.accept(goldens);
    Path altered = directory.resolve("altered.json");
    Files.write(altered, JSON.writeValueAsBytes(goldens));
    ModelPackageException failure =
        catchThrowableOfType(
            ModelPackageException.class, () -> PackageVerification.bundled("tiny", altered));
    assertThat(failure.file()).isEqualTo(altered.toString());
    assertThat(failure)
        .hasMessageContaining(altered + ", " + message)
        .hasMessageEndingWith(
            "write them again with `python -m srformer goldens`, or give those of this package");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = directory.resolve("missing.json");
    assertThat(
            catchThrowableOfType(
                ModelPackageException.class, () -> PackageVerification.bundled("tiny", missing)))
        .hasMessageContaining(missing + ": expected a file of goldens, found none");
  }
}
