package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.cli.InProcess.Result;
import io.gistream.model.PackageCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelVerifyCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Path directory;
  private PackageCopy copy;

  @BeforeEach
  void copyPackage(@TempDir Path temporary) throws IOException {
    directory = temporary;
    copy = PackageCopy.of("tiny", directory);
  }

  private Result verify(String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "model";
    arguments[1] = "verify";
    arguments[2] = directory.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return InProcess.run(arguments);
  }

  private void assertFails(String file) throws IOException {
    Result text = verify();
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).isEmpty();
    assertThat(text.err().lines()).hasSize(1);
    assertThat(text.err()).startsWith("gistream: Model package %s: %s".formatted(directory, file));

    Result json = verify("--format", "json");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.err()).isEqualTo(text.err());
    JsonNode verdict = JSON.readTree(json.out());
    assertThat(verdict.get("verified").booleanValue()).isFalse();
    assertThat(verdict.get("file").textValue()).isEqualTo(file);
    assertThat(verdict.get("location").textValue()).isEqualTo(directory.toString());
    assertThat("gistream: " + verdict.get("problem").textValue()).isEqualTo(text.err().strip());
  }

  @Test
  void aGoodPackageIsVerifiedWithItsGoldens() {
    Result result = verify();
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("tiny 0.0.1\n")
        .contains("7, each with its digest: MODEL_CARD.md, decoder.onnx, encoder.int8.onnx")
        .contains("3, each with the inputs and outputs of family compact")
        .contains("goldens.json: 23 segments, 44 sentences")
        .containsPattern("tokens +1,122 +0 +none\n")
        .containsPattern("states +128 +[0-9.e-]+ +1e-4\n")
        .containsPattern("salience +44 +[0-9.e-]+ +1e-4")
        .containsPattern("memory.membrane +1,536 +[0-9.e-]+ ")
        .endsWith("All of it agrees.\n");
  }

  @Test
  void theJsonSaysWhatWasCompared() throws IOException {
    Result result = verify("--format", "json");
    assertThat(result.exitCode()).isZero();
    JsonNode json = JSON.readTree(result.out());
    assertThat(json.get("verified").booleanValue()).isTrue();
    assertThat(json.get("problem").isNull()).isTrue();
    assertThat(json.get("files")).hasSize(7);
    assertThat(json.get("graphs")).hasSize(3);
    assertThat(json.get("goldens").get("segments").intValue()).isEqualTo(23);
    assertThat(json.get("goldens").get("comparisons"))
        .extracting(comparison -> comparison.get("field").textValue())
        .containsExactly("tokens", "features", "states", "salience", "memory.membrane");
    for (JsonNode comparison : json.get("goldens").get("comparisons")) {
      assertThat(comparison.get("values").longValue()).isPositive();
      assertThat(comparison.get("largestDifference").doubleValue()).isBetween(0.0, 1e-3);
    }
  }

  @Test
  void withoutGoldensItSaysThatNothingWasCompared() throws IOException {
    copy.manifest(manifest -> ((ObjectNode) manifest.get("files")).remove("goldens.json"));
    Result result = verify();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("goldens     none in the package").doesNotContain("agrees");
    assertThat(JSON.readTree(verify("--format", "json").out()).get("goldens").isNull()).isTrue();
  }

  @Test
  void theBundledModelAgreesWithItsGoldens() {
    Result result =
        InProcess.run(
            "model", "verify", "--goldens", "src/test/resources/goldens/compact-raf.json");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("compact-raf ")
        .contains("goldens     src/test/resources/goldens/compact-raf.json: 23 segments")
        .endsWith("All of it agrees.\n");
  }

  @Test
  void goldensOfAnotherPackageAreRefused() throws IOException {
    Result result = verify("--goldens", "src/test/resources/goldens/tiny-none.json");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("tiny-none.json, modelSha256: expected the package's SHA-256, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer.json",
        "encoder.onnx",
        "decoder.onnx",
        "memory.onnx",
        "MODEL_CARD.md",
        "goldens.json"
      })
  void oneBitOfAnyFileIsNoticed(String file) throws IOException {
    byte[] bytes = copy.bytes(file);
    bytes[bytes.length / 3] ^= 1;
    Files.write(copy.file(file), bytes);
    assertFails(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.json",
        "tokenizer.json",
        "encoder.onnx",
        "decoder.onnx",
        "memory.onnx",
        "MODEL_CARD.md",
        "goldens.json"
      })
  void aMissingFileIsNamed(String file) throws IOException {
    Files.delete(copy.file(file));
    assertFails(file);
  }

  @Test
  void aManifestThatIsNoJsonIsNamed() throws IOException {
    byte[] bytes = copy.bytes("model.json");
    bytes[0] ^= 1;
    Files.write(copy.file("model.json"), bytes);
    assertFails("model.json");
  }

  @Test
  void aFileNameThatLeadsElsewhereIsRefused() throws IOException {
    copy.manifest(
        manifest -> ((ObjectNode) manifest.get("files")).put("../goldens.json", "0".repeat(64)));
    assertFails("model.json");
  }

  @Test
  void aGraphOfAnotherShapeIsNamed() throws IOException {
    copy.rename("decoder.onnx", "salience", "saliency");
    assertFails("decoder.onnx");
  }

  @Test
  void goldensThatAreNoneAreNamed() throws IOException {
    copy.replace("goldens.json", "{\"segments\": 3}".getBytes(UTF_8));
    assertFails("goldens.json");
  }

  @Test
  void aValueThatDiffersIsNamedWithItsPlace() throws IOException {
    ObjectNode goldens = (ObjectNode) JSON.readTree(copy.bytes("goldens.json"));
    ObjectNode segment = (ObjectNode) goldens.get("segments").get(5);
    ByteBuffer salience =
        ByteBuffer.wrap(Base64.getDecoder().decode(segment.get("salience").textValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    salience.putFloat(4, salience.getFloat(4) + 0.5f);
    segment.put("salience", Base64.getEncoder().encodeToString(salience.array()));
    copy.replace("goldens.json", JSON.writeValueAsBytes(goldens));

    Result text = verify();
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).endsWith("It does not agree.\n").contains("5.0e-01");
    assertThat(text.err().lines()).hasSize(1);
    assertThat(text.err())
        .startsWith(
            "gistream: Model package %s: goldens.json: segment 6, sentence 2, salience: expected "
                .formatted(directory))
        .contains(Float.toString(salience.getFloat(4)));

    Result json = verify("--format", "json");
    assertThat(json.exitCode()).isEqualTo(1);
    JsonNode verdict = JSON.readTree(json.out());
    assertThat(verdict.get("verified").booleanValue()).isFalse();
    JsonNode first = verdict.get("goldens").get("firstDifference");
    assertThat(first.get("segment").intValue()).isEqualTo(6);
    assertThat(first.get("sentence").intValue()).isEqualTo(2);
    assertThat(first.get("field").textValue()).isEqualTo("salience");
    assertThat(verdict.get("problem").textValue()).contains("segment 6, sentence 2, salience");
  }

  @Test
  void otherWeightsAreNoticedWhenTheirDigestIsRight() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    PackageCopy none = PackageCopy.of("tiny-none", other);
    ObjectNode goldens = (ObjectNode) JSON.readTree(copy.bytes("goldens.json"));
    goldens.putObject("memoryAfterSegments");
    none.replace("goldens.json", JSON.writeValueAsBytes(goldens));

    Result result = InProcess.run("model", "verify", other.toString());

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("goldens.json: segment ").contains(", salience: expected ");
  }

  @Test
  void tokensThatDifferAreShown() throws IOException {
    ObjectNode goldens = (ObjectNode) JSON.readTree(copy.bytes("goldens.json"));
    ArrayNode row = (ArrayNode) goldens.get("segments").get(1).get("tokens").get(0);
    int token = row.get(3).intValue();
    row.set(3, token + 1);
    copy.replace("goldens.json", JSON.writeValueAsBytes(goldens));
    assertThat(verify().err())
        .contains(
            "segment 2, sentence 1, tokens: expected %1$d at 4 of %3$d, found %2$d at 4 of %3$d"
                .formatted(token + 1, token, row.size()));
  }
}
