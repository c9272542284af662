package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.cli.InProcess.Result;
import io.gistream.model.PackageCopy;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInspectCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Path directory;
  private PackageCopy copy;

  @BeforeEach
  void copyPackage(@TempDir Path temporary) throws IOException {
    directory = temporary;
    copy = PackageCopy.of("tiny", directory);
  }

  private JsonNode json(String... arguments) throws IOException {
    Result result = InProcess.run(arguments);
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return JSON.readTree(result.out());
  }

  @Test
  void theBundledModelIsShownWhenNoOtherIsNamed() {
    Result result = InProcess.run("model", "inspect");
    assertThat(result.exitCode()).isZero();
    try (SummaryModel bundled = SummaryModel.bundled()) {
      assertThat(result.out())
          .startsWith(bundled.manifest().name() + " " + bundled.manifest().version() + "\n")
          .contains("classpath:models/compact-raf")
          .contains(bundled.sha256())
          .contains(bundled.manifest().files().keySet())
          .contains(bundled.manifest().files().values())
          .contains("encoder " + bundled.manifest().dims().encoder())
          .contains("training data")
          .contains("CC BY 4.0")
          .contains("validation");
    }
  }

  @Test
  void theJsonHasTheShapeOfTheDocumentation() throws IOException {
    JsonNode json = json("model", "inspect", directory.toString(), "--format", "json");
    JsonNode manifest = JSON.readTree(copy.bytes("model.json"));
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "location",
            "sha256",
            "name",
            "version",
            "family",
            "memory",
            "language",
            "licence",
            "state",
            "files",
            "dims",
            "limits",
            "specialTokens",
            "selection",
            "training");
    for (String same : new String[] {"name", "version", "dims", "limits", "training"}) {
      assertThat(json.get(same)).isEqualTo(manifest.get(same));
    }
    try (SummaryModel model = SummaryModel.load(directory)) {
      assertThat(json.get("sha256").textValue()).isEqualTo(model.sha256());
    }
    assertThat(json.get("location").textValue()).isEqualTo(directory.toString());
    assertThat(json.get("state").get("bytesPerStream").intValue()).isEqualTo(2 * 16 * 16 * 2);
    assertThat(json.get("state").get("tensors"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"name": "membrane", "type": "float16", "shape": [1, 2, 16, 16], "bytes": 1024}]
                """));
    assertThat(json.get("files")).hasSize(manifest.get("files").size());
    for (JsonNode file : json.get("files")) {
      String name = file.get("name").textValue();
      assertThat(file.get("bytes").longValue()).isEqualTo(Files.size(copy.file(name)));
      assertThat(file.get("sha256")).isEqualTo(manifest.get("files").get(name));
    }
  }

  @Test
  void aPackageOfAFamilyThatWritesIsShown() throws IOException {
    copy.manifest(
        manifest -> {
          manifest.put("family", "bart").put("colour", "blue").remove("training");
          ((ObjectNode) manifest.get("dims")).put("vocabulary", 50265).remove("features");
          ObjectNode generation = manifest.putObject("generation");
          generation.put("prefixTokens", 64).put("beams", 4).put("inputPrefix", "");
          generation.putNull("forcedFirst").putArray("suppressed");
        });
    JsonNode json = json("model", "inspect", directory.toString(), "--format", "json");
    assertThat(json.get("family").textValue()).isEqualTo("bart");
    assertThat(json.get("generation").get("beams").intValue()).isEqualTo(4);
    assertThat(json.get("state").get("writtenTokens").intValue()).isEqualTo(64);
    assertThat(json.get("state").get("bytesPerStream").intValue()).isEqualTo(1024 + 64 * 4);
    assertThat(json.has("colour")).isFalse();

    Result text = InProcess.run("model", "inspect", directory.toString());
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .contains("vocabulary 50265")
        .contains("prefixTokens 64, beams 4, inputPrefix \"\", forcedFirst none, suppressed none")
        .contains("raf, 1,280 bytes a stream")
        .containsPattern("written tokens +int32 +64 +256\n")
        .doesNotContain("training");
  }

  @Test
  void aMemoryThatGrowsHasNoSize() throws IOException {
    copy.manifest(
        manifest -> {
          ObjectNode tensor = (ObjectNode) manifest.put("memory", "full").get("state").get(0);
          tensor.putArray("shape").add(2).add(-1).add(16);
        });
    JsonNode state =
        json("model", "inspect", directory.toString(), "--format", "json").get("state");
    assertThat(state.get("bytesPerStream").isNull()).isTrue();
    assertThat(state.get("tensors").get(0).get("bytes").isNull()).isTrue();
    assertThat(InProcess.run("model", "inspect", directory.toString()).out())
        .contains("full, grows with every segment")
        .containsPattern("membrane +float16 +2 x \\? x 16 +grows\n");
  }

  @Test
  void aFileThatIsNotThereIsShownAsMissing() throws IOException {
    Files.delete(copy.file("memory.onnx"));
    assertThat(InProcess.run("model", "inspect", directory.toString()).out())
        .containsPattern("memory.onnx +missing +[0-9a-f]{64}\n");
    JsonNode files =
        json("model", "inspect", directory.toString(), "--format", "json").get("files");
    for (JsonNode file : files) {
      assertThat(file.get("bytes").isNull())
          .isEqualTo(file.get("name").textValue().equals("memory.onnx"));
    }
  }

  @Test
  void aDirectoryWithoutPackageIsNamedInOneLine(@TempDir Path empty) {
    Result result = InProcess.run("model", "inspect", empty.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "gistream: Model package %s: model.json: expected a file, found none; check the path%n"
                .formatted(empty));
  }

  @Test
  void aManifestThatNamesFilesElsewhereIsRefused() throws IOException {
    copy.manifest(
        manifest -> ((ObjectNode) manifest.get("files")).put("../../etc/passwd", "0".repeat(64)));
    Result result = InProcess.run("model", "inspect", directory.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("files.../../etc/passwd: expected a plain file name");
  }

  @Test
  void mistypedNamesGetASuggestion() {
    assertThat(InProcess.run("model", "inspct").err()).contains("did you mean inspect?");
    assertThat(InProcess.run("model", "inspect", "--formt", "json").err())
        .contains("--formt")
        .contains("did you mean --format?");
    assertThat(InProcess.run("model", "inspect", "a", "b").exitCode()).isEqualTo(2);
  }

  @Test
  void withoutASubcommandTheyAreListed() {
    Result result = InProcess.run("model");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("inspect").contains("verify").contains("import");
  }
}
