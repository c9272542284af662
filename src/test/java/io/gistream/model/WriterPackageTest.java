package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.ModelManifest.EarlyStopping;
import io.gistream.model.ModelManifest.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a package that writes is found when it is loaded, and said. */
class WriterPackageTest {
  @TempDir private Path directory;

  private ModelPackageException failure(String name, Consumer<ObjectNode> change)
      throws IOException {
    PackageCopy.of(name, directory).manifest(change);
    ModelPackageException failure =
        catchThrowableOfType(
            ModelPackageException.class, () -> SummaryModel.load(directory).close());
    assertThat(failure).isNotNull();
    return failure;
  }

  private static ObjectNode in(ObjectNode manifest, String field) {
    return (ObjectNode) manifest.get(field);
  }

  @Test
  void theManifestIsReadAsWritten() {
    try (SummaryModel model = SummaryModel.bundled("tiny-bart", SummaryModel.Options.DEFAULT)) {
      Generation generation = model.manifest().generation();
      assertThat(generation)
          .isEqualTo(
              new Generation(
                  2, 2, 0, List.of(3, 4), "", 12, 10, 2, 4, 2.0, EarlyStopping.AT_ONCE, 3));
      assertThat(model.manifest().dims().features()).isZero();
      assertThat(model.manifest().dims().vocabulary()).isPositive();
    }
    try (SummaryModel model = SummaryModel.bundled("tiny-t5-full", SummaryModel.Options.DEFAULT)) {
      Generation generation = model.manifest().generation();
      assertThat(generation.forcedFirst()).isNull();
      assertThat(generation.inputPrefix()).isEqualTo("summarize: ");
      assertThat(generation.earlyStopping()).isEqualTo(EarlyStopping.WHEN_NO_BETTER_NOW);
      assertThat(model.manifest().specialTokens().cls()).isNull();
      assertThat(model.manifest().state()).allMatch(tensor -> tensor.shape().contains(-1));
    }
  }

  private static Arguments wrong(String field, Consumer<ObjectNode> change, String expected) {
    return Arguments.of("generation." + field, change, expected);
  }

  static Stream<Arguments> wrongGenerations() {
    int last = 420;
    return Stream.of(
        wrong("start", g -> g.put("start", -1), "an integer from 0 to " + last),
        wrong("start", g -> g.remove("start"), "a value"),
        wrong("endOfSegment", g -> g.put("endOfSegment", 421), "an integer from 0 to " + last),
        wrong("forcedFirst", g -> g.put("forcedFirst", "0"), "an integer from 0 to " + last),
        wrong("forcedFirst", g -> g.remove("forcedFirst"), "a value"),
        wrong("suppressed[1]", g -> g.putArray("suppressed").add(1).add(500), "an integer from 0"),
        wrong("suppressed", g -> g.put("suppressed", 1), "an array"),
        wrong("inputPrefix", g -> g.put("inputPrefix", 1), "a text"),
        wrong("prefixTokens", g -> g.put("prefixTokens", -1), "an integer from 0 to 4096"),
        wrong("newTokens", g -> g.put("newTokens", 0), "an integer from 1 to 1024"),
        wrong("newTokens", g -> g.put("newTokens", 1025), "an integer from 1 to 1024"),
        wrong("minTokens", g -> g.put("minTokens", 11), "an integer from 0 to 10"),
        wrong("beams", g -> g.put("beams", 0), "an integer from 1 to 64"),
        wrong("beams", g -> g.put("beams", 1.5), "an integer from 1 to 64"),
        wrong("lengthPenalty", g -> g.put("lengthPenalty", "1"), "a number"),
        wrong("lengthPenalty", g -> g.put("lengthPenalty", 1e9), "a number from -100 to 100"),
        wrong("earlyStopping", g -> g.put("earlyStopping", 1), "true, false or \"never\""),
        wrong("earlyStopping", g -> g.put("earlyStopping", "ever"), "true, false or \"never\""),
        wrong("noRepeatNgram", g -> g.put("noRepeatNgram", -1), "an integer from 0 to 1024"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("wrongGenerations")
  void aWrongValueIsNamed(String field, Consumer<ObjectNode> change, String expected)
      throws IOException {
    ModelPackageException failure =
        failure("tiny-bart", manifest -> change.accept(in(manifest, "generation")));
    assertThat(failure.field()).isEqualTo(field);
    assertThat(failure)
        .hasMessageContaining("model.json, %s: expected %s".formatted(field, expected));
  }

  @Test
  void aFamilyThatWritesSaysHowAndWithHowManyTokens() throws IOException {
    assertThat(failure("tiny-bart", manifest -> manifest.remove("generation")).field())
        .isEqualTo("generation");
  }

  @Test
  void theVocabularyIsNeeded() throws IOException {
    assertThat(failure("tiny-t5", manifest -> in(manifest, "dims").remove("vocabulary")).field())
        .isEqualTo("dims.vocabulary");
  }

  @Test
  void atLeastTwoTokensMustBeLeft() throws IOException {
    ModelPackageException failure =
        failure(
            "tiny-bart",
            manifest -> {
              var suppressed = in(manifest, "generation").putArray("suppressed");
              for (int token = 0; token < 420; token++) {
                suppressed.add(token);
              }
            });
    assertThat(failure).hasMessageContaining("expected at least two tokens left to write");
  }

  @Test
  void onlyTheFullMemoryGrows() throws IOException {
    ModelPackageException failure =
        failure("tiny-bart-full", manifest -> manifest.put("memory", "linear"));
    assertThat(failure.field()).isEqualTo("state[0].shape");
    assertThat(failure)
        .hasMessageContaining("expected no axis of -1, since memory is not \"full\"");
  }

  @Test
  void atMostOneAxisGrows() throws IOException {
    ModelPackageException failure =
        failure(
            "tiny-bart-full",
            manifest ->
                ((ObjectNode) manifest.get("state").get(0))
                    .putArray("shape")
                    .add(2)
                    .add(-1)
                    .add(-1));
    assertThat(failure).hasMessageContaining("expected at most one axis of -1");
  }

  static Stream<Arguments> otherDims() {
    return Stream.of(
        Arguments.of(
            "decoder.onnx, output logits: expected float [-1, 422]",
            (Consumer<ObjectNode>) m -> in(m, "dims").put("vocabulary", 422)),
        Arguments.of(
            "encoder.onnx, outputs: expected [keys_0, values_0, keys_1, values_1, keys_2, values_2]",
            (Consumer<ObjectNode>) m -> in(m, "dims").put("layers", 3)),
        Arguments.of(
            "encoder.onnx, output keys_0: expected float [-1, 3, 16, -1]",
            (Consumer<ObjectNode>) m -> in(m, "dims").put("heads", 3)),
        Arguments.of(
            "decoder.onnx, input membrane: expected float16 [-1, 2, 2, 16, 17]",
            (Consumer<ObjectNode>)
                m ->
                    ((ObjectNode) m.get("state").get(0))
                        .putArray("shape")
                        .add(2)
                        .add(2)
                        .add(16)
                        .add(17)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherDims")
  void aGraphWithOtherDimensionsThanTheManifestIsNamed(String message, Consumer<ObjectNode> change)
      throws IOException {
    assertThat(failure("tiny-bart", change)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder.onnx", "decoder.onnx", "memory.onnx"})
  void theGraphsOfAnotherFamilyAreNamed(String file) throws IOException {
    PackageCopy copy = PackageCopy.of("tiny-bart", directory);
    try (var in = WriterPackageTest.class.getResourceAsStream("/models/tiny/" + file)) {
      copy.replace(file, in.readAllBytes());
    }
    ModelPackageException failure =
        catchThrowableOfType(
            ModelPackageException.class, () -> SummaryModel.load(directory).close());
    assertThat(failure.file()).isEqualTo(file);
    assertThat(failure.field()).isIn("inputs", "outputs");
  }
}
