package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a package is found when it is loaded, and said. */
class ModelPackageTest {
  private Path directory;
  private PackageCopy copy;

  @BeforeEach
  void copyPackage(@TempDir Path temporary) throws IOException {
    directory = temporary;
    copy = PackageCopy.of("tiny", directory);
  }

  private ModelPackageException failure() {
    ModelPackageException failure =
        catchThrowableOfType(
            ModelPackageException.class, () -> SummaryModel.load(directory).close());
    assertThat(failure).isNotNull();
    assertThat(failure.location()).isEqualTo(directory.toString());
    assertThat(failure).hasMessageStartingWith("Model package " + directory + ": ");
    return failure;
  }

  private void assertFailure(String file, String field, String message) {
    ModelPackageException failure = failure();
    assertThat(failure.file()).isEqualTo(file);
    assertThat(failure.field()).isEqualTo(field.isEmpty() ? null : field);
    assertThat(failure.getMessage())
        .isEqualTo(
            "Model package %s: %s%s: %s"
                .formatted(directory, file, field.isEmpty() ? "" : ", " + field, message));
  }

  @Test
  void aDirectoryAndTheClassPathHoldTheSameModel() {
    try (SummaryModel fromDirectory = SummaryModel.load(directory);
        SummaryModel fromClasspath = SummaryModel.bundled("tiny", SummaryModel.Options.DEFAULT)) {
      assertThat(fromDirectory.sha256()).isEqualTo(fromClasspath.sha256()).hasSize(64);
      assertThat(fromDirectory.manifest()).isEqualTo(fromClasspath.manifest());
    }
  }

  @Test
  void theManifestIsReadAsWritten() {
    try (SummaryModel model = SummaryModel.load(directory)) {
      ModelManifest manifest = model.manifest();
      assertThat(manifest.name()).isEqualTo("tiny");
      assertThat(manifest.limits()).isEqualTo(new ModelManifest.Limits(4, 32, List.of(8, 16, 32)));
      assertThat(manifest.specialTokens()).isEqualTo(new ModelManifest.SpecialTokens(2, 3, 0));
      assertThat(manifest.state())
          .containsExactly(
              new ModelManifest.StateTensor("membrane", "float16", List.of(1, 2, 16, 16)));
      assertThat(manifest.selection()).containsEntry("redundancy", 0.5);
      assertThat(manifest.files()).containsKeys("encoder.onnx", "MODEL_CARD.md");
    }
  }

  @Test
  void whatTheManifestSaysBeyondItsFieldsIsLeftAlone() throws IOException {
    copy.manifest(manifest -> manifest.put("colour", "blue").remove("training"));
    assertThatCode(() -> SummaryModel.load(directory).close()).doesNotThrowAnyException();
  }

  @Test
  void anUnknownModelOnTheClassPathIsNamed() {
    ModelPackageException failure =
        catchThrowableOfType(
            ModelPackageException.class,
            () -> SummaryModel.bundled("no-such", SummaryModel.Options.DEFAULT));
    assertThat(failure)
        .hasMessage(
            "Model package classpath:models/no-such: model.json: expected a file, found none; check the path");
  }

  @Test
  void aDirectoryWithoutManifestIsNamed() throws IOException {
    Files.delete(copy.file("model.json"));
    assertFailure("model.json", "", "expected a file, found none; check the path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tokenizer.json", "encoder.onnx", "decoder.onnx", "memory.onnx", "MODEL_CARD.md"})
  void aMissingFileIsNamed(String file) throws IOException {
    Files.delete(copy.file(file));
    assertFailure(
        file,
        "",
        "expected a file, found none; copy the whole package again from where it was exported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tokenizer.json", "encoder.onnx", "decoder.onnx", "memory.onnx", "MODEL_CARD.md"})
  void aChangedFileIsNamedWithBothDigests(String file) throws IOException {
    byte[] bytes = copy.bytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(copy.file(file), bytes);
    ModelPackageException failure = failure();
    assertThat(failure.file()).isEqualTo(file);
    assertThat(failure.getMessage())
        .matches(
            ".*expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}; the file is damaged or of another package: copy the whole package again.*");
  }

  @Test
  void aFileCutShortIsNamed() throws IOException {
    Files.write(copy.file("encoder.onnx"), Arrays.copyOf(copy.bytes("encoder.onnx"), 100));
    assertThat(failure().file()).isEqualTo("encoder.onnx");
  }

  @Test
  void aManifestThatIsNoJsonIsNamedWithThePlace() throws IOException {
    Files.writeString(copy.file("model.json"), "{\"format\": 1,\n \"name\": }");
    ModelPackageException failure = failure();
    assertThat(failure.file()).isEqualTo("model.json");
    assertThat(failure)
        .hasMessageContaining("expected a JSON object, found Unexpected character")
        .hasMessageContaining("at line 2, column 10")
        .hasMessageEndingWith("copy the whole package again from where it was exported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "3", "null", "{} {}", "{\"format\": 1, \"format\": 1}"})
  void aManifestThatIsNotOneObjectIsRefused(String json) throws IOException {
    Files.writeString(copy.file("model.json"), json);
    assertThat(failure().file()).isEqualTo("model.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format",
        "name",
        "version",
        "family",
        "memory",
        "language",
        "licence",
        "dims",
        "dims.encoder",
        "dims.features",
        "dims.layers",
        "dims.heads",
        "dims.head",
        "limits",
        "limits.segmentSentences",
        "limits.rowTokens",
        "limits.rowBuckets",
        "specialTokens",
        "specialTokens.cls",
        "specialTokens.sep",
        "specialTokens.pad",
        "state",
        "selection",
        "files",
        "files.tokenizer.json",
        "files.encoder.onnx",
        "files.decoder.onnx",
        "files.memory.onnx",
      })
  void aMissingFieldIsNamed(String field) throws IOException {
    copy.manifest(
        manifest -> {
          int dot = field.indexOf('.');
          JsonNode parent = dot < 0 ? manifest : manifest.get(field.substring(0, dot));
          assertThat(((ObjectNode) parent).remove(field.substring(dot + 1))).isNotNull();
        });
    assertFailure(
        "model.json",
        field,
        "expected a value, found none; export the package again with `python -m srformer export` (`convert` for a checkpoint)");
  }

  private static Arguments wrong(
      Consumer<ObjectNode> change, String field, String expected, String found) {
    return Arguments.of(field, change, expected, found);
  }

  private static ObjectNode in(ObjectNode manifest, String field) {
    return (ObjectNode) manifest.get(field);
  }

  private static ObjectNode tensor(ObjectNode manifest) {
    return (ObjectNode) manifest.get("state").get(0);
  }

  private static ArrayNode array(ObjectNode parent, String field, int... values) {
    ArrayNode array = parent.putArray(field);
    Arrays.stream(values).forEach(array::add);
    return array;
  }

  static Stream<Arguments> wrongFields() {
    String buckets = "limits.rowBuckets";
    String shape = "state[0].shape";
    return Stream.of(
        wrong(m -> m.put("format", 2), "format", "1", "2"),
        wrong(m -> m.put("format", "1"), "format", "a positive integer", "\"1\""),
        wrong(m -> m.put("family", "gpt"), "family", "one of [compact, t5, bart]", "\"gpt\""),
        wrong(m -> m.put("name", " "), "name", "a text that is not blank", "\" \""),
        wrong(m -> m.put("name", 7), "name", "a text that is not blank", "7"),
        wrong(m -> in(m, "dims").put("head", 0), "dims.head", "a positive integer", "0"),
        wrong(m -> in(m, "dims").put("head", -3), "dims.head", "a positive integer", "-3"),
        wrong(m -> in(m, "dims").put("head", 1.5), "dims.head", "a positive integer", "1.5"),
        wrong(
            m -> in(m, "dims").put("head", 1L << 40),
            "dims.head",
            "a positive integer",
            "1099511627776"),
        wrong(m -> in(m, "dims").put("features", 5), "dims.features", "4", "5"),
        wrong(m -> m.put("dims", "big"), "dims", "an object", "\"big\""),
        wrong(m -> m.putArray("limits"), "limits", "an object", "[]"),
        wrong(
            m -> in(m, "limits").put("rowTokens", 2),
            "limits.rowTokens",
            "3 or more (two are special tokens)",
            "2"),
        wrong(
            m -> array(in(m, "limits"), "rowBuckets", 8, 32, 16),
            buckets,
            "sizes in rising order",
            "[8,32,16]"),
        wrong(
            m -> array(in(m, "limits"), "rowBuckets", 8, 8, 32),
            buckets,
            "sizes in rising order",
            "[8,8,32]"),
        wrong(
            m -> array(in(m, "limits"), "rowBuckets", 8, 16),
            buckets,
            "a last size of at least limits.rowTokens, 32",
            "[8,16]"),
        wrong(
            m -> array(in(m, "limits"), "rowBuckets"),
            buckets,
            "a last size of at least limits.rowTokens, 32",
            "[]"),
        wrong(
            m -> array(in(m, "limits"), "rowBuckets", 8, 0, 32),
            buckets + "[1]",
            "a positive integer",
            "0"),
        wrong(m -> in(m, "limits").put("rowBuckets", 32), buckets, "an array", "32"),
        wrong(
            m -> in(m, "specialTokens").put("sep", -1),
            "specialTokens.sep",
            "a token id (an integer of 0 or more)",
            "-1"),
        wrong(
            m -> tensor(m).put("type", "int8"),
            "state[0].type",
            "one of [float16, float32]",
            "\"int8\""),
        wrong(
            m -> tensor(m).put("name", "a b"),
            "state[0].name",
            "a name of letters, digits and _ that no other tensor has",
            "\"a b\""),
        wrong(
            m -> ((ArrayNode) m.get("state")).add(tensor(m).deepCopy()),
            "state[1].name",
            "a name of letters, digits and _ that no other tensor has",
            "\"membrane\""),
        wrong(m -> array(tensor(m), "shape"), shape, "1 to 7 dimensions", "[]"),
        wrong(
            m -> array(tensor(m), "shape", 1 << 30, 1 << 30, 1 << 30),
            shape,
            "at most 16777216 bytes in all",
            "[1073741824,1073741824,1073741824]"),
        wrong(m -> tensor(m).remove("shape"), shape, "a value", "none"),
        wrong(m -> m.putArray("state"), "state", "the tensors of memory \"raf\"", "[]"),
        wrong(
            m -> in(m, "selection").put("redundancy", "high"),
            "selection.redundancy",
            "a number",
            "\"high\""),
        wrong(
            m -> in(m, "files").put("encoder.onnx", "ABC"),
            "files.encoder.onnx",
            "a SHA-256 in lower-case hex",
            "\"ABC\""));
  }

  @ParameterizedTest(name = "{0}: {2}, not {3}")
  @MethodSource("wrongFields")
  void aWrongValueIsNamed(String field, Consumer<ObjectNode> change, String expected, String found)
      throws IOException {
    copy.manifest(change);
    ModelPackageException failure = failure();
    assertThat(failure.field()).isEqualTo(field);
    assertThat(failure)
        .hasMessageContaining(
            "model.json, %s: expected %s, found %s; ".formatted(field, expected, found));
  }

  @Test
  void aModelWithoutMemoryMayNotHaveStateTensors() throws IOException {
    copy.manifest(manifest -> manifest.put("memory", "none"));
    assertThat(failure())
        .hasMessageContaining(
            "model.json, state: expected an empty array, since memory is \"none\", found [{");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../tiny/encoder.onnx",
        "..",
        ".",
        "sub/file",
        "a\\b",
        "C:x",
        "",
        "nul\0"
      })
  void aFileNameThatLeadsElsewhereIsRefused(String name) throws IOException {
    copy.manifest(manifest -> in(manifest, "files").put(name, "0".repeat(64)));
    ModelPackageException failure = failure();
    assertThat(failure.field()).isEqualTo("files." + name);
    assertThat(failure)
        .hasMessageContaining(
            "expected a plain file name (letters, digits and ._-) as the key, beside model.json");
  }

  @Test
  void aTokenizerThatIsNoneIsNamed() throws IOException {
    copy.replace("tokenizer.json", "{}".getBytes(StandardCharsets.UTF_8));
    ModelPackageException failure = failure();
    assertThat(failure.file()).isEqualTo("tokenizer.json");
    assertThat(failure)
        .hasMessageContaining("expected a Hugging Face tokenizer, found ")
        .hasMessageEndingWith(
            "export the package again with `python -m srformer export` (`convert` for a checkpoint)");
  }

  @Test
  void aTokenizerWithOtherSpecialTokensIsNamed() throws IOException {
    copy.manifest(manifest -> in(manifest, "specialTokens").put("cls", 7));
    assertFailure(
        "tokenizer.json",
        "post_processor",
        "expected an empty text as [cls, sep] = [7, 3], found [2, 3]; export the package again with `python -m srformer export` (`convert` for a checkpoint)");
  }

  @Test
  void aGraphThatIsNoneIsNamed() throws IOException {
    copy.replace("decoder.onnx", "not a graph".getBytes(StandardCharsets.UTF_8));
    ModelPackageException failure = failure();
    assertThat(failure.file()).isEqualTo("decoder.onnx");
    assertThat(failure)
        .hasMessageContaining("expected a graph for ONNX Runtime 1.28.0, found ")
        .hasMessageContaining("INVALID_PROTOBUF");
  }

  @Test
  void aGraphWithAnotherInputIsNamed() throws IOException {
    copy.rename("decoder.onnx", "membrane", "membrain");
    assertFailure(
        "decoder.onnx",
        "inputs",
        "expected [states, features, mask, membrane], found [states, features, mask, membrain]; export the package again with `python -m srformer export` (`convert` for a checkpoint)");
  }

  @Test
  void aGraphWithAnotherOutputIsNamed() throws IOException {
    copy.rename("decoder.onnx", "salience", "saliency");
    assertFailure(
        "decoder.onnx",
        "outputs",
        "expected [salience], found [saliency]; export the package again with `python -m srformer export` (`convert` for a checkpoint)");
  }

  @Test
  void aGraphWithTooManyInputsIsNamed() throws IOException {
    copy.manifest(
        manifest -> {
          manifest.put("memory", "none").putArray("state");
          in(manifest, "files").remove("memory.onnx");
        });
    ModelPackageException failure = failure();
    assertThat(failure.file()).isEqualTo("decoder.onnx");
    assertThat(failure)
        .hasMessageContaining(
            "expected [states, features, mask], found [states, features, mask, membrane]");
  }

  static Stream<Arguments> otherDims() {
    return Stream.of(
        Arguments.of(
            "encoder.onnx, output states: expected float [-1, 48] (-1: any length), found float [-1, 32]",
            (Consumer<ObjectNode>) m -> in(m, "dims").put("encoder", 48)),
        Arguments.of(
            "decoder.onnx, input states: expected float [-1, 5, 32] (-1: any length), found float [-1, 4, 32]",
            (Consumer<ObjectNode>) m -> in(m, "limits").put("segmentSentences", 5)),
        Arguments.of(
            "decoder.onnx, input membrane: expected float16 [-1, 1, 2, 16, 17] (-1: any length), found float16 [-1, 1, 2, 16, 16]",
            (Consumer<ObjectNode>) m -> array(tensor(m), "shape", 1, 2, 16, 17)),
        Arguments.of(
            "decoder.onnx, input membrane: expected float16 [-1, 512] (-1: any length), found float16 [-1, 1, 2, 16, 16]",
            (Consumer<ObjectNode>) m -> array(tensor(m), "shape", 512)),
        Arguments.of(
            "decoder.onnx, input membrane: expected float [-1, 1, 2, 16, 16] (-1: any length), found float16 [-1, 1, 2, 16, 16]",
            (Consumer<ObjectNode>) m -> tensor(m).put("type", "float32")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherDims")
  void aGraphWithOtherDimensionsThanTheManifestIsNamed(String message, Consumer<ObjectNode> change)
      throws IOException {
    copy.manifest(change);
    assertThat(failure()).hasMessageContaining(message);
  }

  @Test
  void anotherModelsGraphIsNamed() throws IOException {
    copy.replace("memory.onnx", copy.bytes("decoder.onnx"));
    assertFailure(
        "memory.onnx",
        "outputs",
        "expected [next_membrane], found [salience]; export the package again with `python -m srformer export` (`convert` for a checkpoint)");
  }
}
