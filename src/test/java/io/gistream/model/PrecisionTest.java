package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.SummaryModel.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages that have graphs in int8 beside those in float32. */
class PrecisionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Options INT8 = new Options(1, Precision.INT8);
  private static final List<String> SAID =
      List.of("The mill waits.", "We could load only the last seven days of readings.");

  @Test
  void itIsAnotherModelWithAnotherIdentity() {
    try (SummaryModel fp32 = SummaryModel.bundled("tiny", Options.DEFAULT);
        SummaryModel int8 = SummaryModel.bundled("tiny", INT8);
        SummaryModel again = SummaryModel.bundled("tiny", INT8)) {
      assertThat(fp32.sha256()).isEqualTo(PackageDescription.bundled("tiny").sha256());
      assertThat(int8.sha256()).matches("[0-9a-f]{64}").isNotEqualTo(fp32.sha256());
      assertThat(again.sha256()).isEqualTo(int8.sha256());
      byte[] memory = fp32.emptyMemory().toBytes();
      assertThat(assertThrows(IllegalArgumentException.class, () -> int8.memory(memory)))
          .hasMessageContaining("model");
      assertThat(int8.use().stream().map(GraphUse::graph)).contains("encoder");
    }
  }

  @Test
  void whatComesOutIsCloseAndNotTheSame() {
    try (SummaryModel fp32 = SummaryModel.bundled();
        SummaryModel int8 = SummaryModel.bundled(SummaryModel.DEFAULT_MODEL, INT8)) {
      List<EncodedSentence> exact = fp32.encode(SAID);
      List<EncodedSentence> rounded = int8.encode(SAID);
      for (int i = 0; i < SAID.size(); i++) {
        double cosine = cosine(exact.get(i).state(), rounded.get(i).state());
        assertThat(cosine).isGreaterThan(0.99).isLessThan(0.999999);
      }
      // the wrong sentence is nowhere near
      assertThat(cosine(exact.get(0).state(), rounded.get(1).state())).isLessThan(0.9);
    }
  }

  @Test
  void theGoldensOfFloat32AreMetAsFarAsRoundingAllows() {
    GoldensReport report =
        Objects.requireNonNull(
            PackageVerification.bundled(SummaryModel.DEFAULT_MODEL, Precision.INT8, null)
                .goldens());

    assertThat(report.firstDifference()).isNull();
    GoldensReport.Comparison states =
        report.comparisons().stream().filter(it -> it.field().equals("states")).findFirst().get();
    assertThat(states.allowed()).isEqualTo("0.05");
    assertThat(states.largestDifference()).isBetween(1e-4, 5e-2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-t5", "tiny-bart"})
  void whatAWriterWroteInFloat32IsNearlyAsProbable(String name) {
    PackageVerification verification =
        PackageVerification.bundled(name, Precision.INT8, GoldensTest.file(name));
    GoldensReport report = Objects.requireNonNull(verification.goldens());

    assertThat(verification.graphs())
        .containsExactly("encoder.int8.onnx", "decoder.int8.onnx", "memory.onnx");
    assertThat(report.firstDifference()).isNull();
    assertThat(report.comparisons().stream().map(GoldensReport.Comparison::field))
        .containsExactly("tokens", "1 beam, meanLogProbability", "memory.membrane");
    for (GoldensReport.Comparison it : report.comparisons().subList(1, 3)) {
      assertThat(it.largestDifference()).as(it.field()).isBetween(1e-4, 0.5);
    }
  }

  @Test
  void aWriterThatFindsTheGoldensImprobableIsFoundOut(@TempDir Path directory) throws IOException {
    ObjectNode goldens = (ObjectNode) JSON.readTree(GoldensTest.file("tiny-bart").toFile());
    for (JsonNode segment : goldens.at("/runs/0/segments")) {
      ArrayNode written = (ArrayNode) segment.get("written");
      for (int i = 0; i < written.size(); i++) {
        written.set(i, 7 + i);
      }
    }
    Path file = directory.resolve("goldens.json");
    JSON.writeValue(file.toFile(), goldens);

    GoldensReport report =
        Objects.requireNonNull(
            PackageVerification.bundled("tiny-bart", Precision.INT8, file).goldens());

    assertThat(Objects.requireNonNull(report.firstDifference()).field())
        .isEqualTo("1 beam, meanLogProbability");
  }

  @Test
  void aPackageWithoutItSaysSo() {
    assertThat(
            assertThrows(
                ModelPackageException.class, () -> SummaryModel.bundled("tiny-none", INT8)))
        .hasMessageContaining("encoder.int8.onnx")
        .hasMessageContaining("model.precision=fp32");
    assertThat(
            assertThrows(
                ModelPackageException.class, () -> SummaryModel.bundled("tiny-t5-none", INT8)))
        .hasMessageContaining("encoder.int8.onnx")
        .hasMessageContaining("python -m srformer int8");
  }

  @Test
  void weightsOfAnotherEncoderAreRefused(@TempDir Path directory) throws IOException {
    Path tiny = Path.of("src/test/resources/models/tiny");
    try (Stream<Path> files = Files.list(tiny)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(tiny.relativize(file)));
      }
    }
    byte[] weights = Files.readAllBytes(directory.resolve("encoder.onnx"));
    weights[weights.length / 2] ^= 1;
    Files.write(directory.resolve("encoder.onnx"), weights);

    assertThat(assertThrows(ModelPackageException.class, () -> SummaryModel.load(directory, INT8)))
        .hasMessageContaining("encoder.onnx")
        .hasMessageContaining("SHA-256");
  }

  @Test
  void nothingIsLeftInTheDirectoryForTemporaryFiles() throws IOException {
    List<Path> before = unpacked();
    try (SummaryModel int8 = SummaryModel.bundled("tiny", INT8)) {
      assertThat(unpacked()).isEqualTo(before);
      assertThat(int8.encode(SAID)).hasSize(2);
    }
  }

  private static List<Path> unpacked() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(it -> it.getFileName().toString().startsWith("gistream-model-"))
          .sorted()
          .toList();
    }
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double lengths = 0;
    double others = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      lengths += (double) a[i] * a[i];
      others += (double) b[i] * b[i];
    }
    return product / Math.sqrt(lengths * others);
  }
}
