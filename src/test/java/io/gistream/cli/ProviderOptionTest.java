package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.gistream.cli.InProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code --provider}, where ONNX Runtime has no CUDA. */
class ProviderOptionTest {
  private static final String MODEL = "src/test/resources/models/tiny";

  private String talk;

  @BeforeEach
  void aTranscript(@TempDir Path directory) throws Exception {
    OrtEnvironment.getEnvironment();
    assumeThat(OrtEnvironment.getAvailableProviders()).doesNotContain(OrtProvider.CUDA);
    talk = Files.writeString(directory.resolve("talk.txt"), "Ann: We ship on Friday.\n").toString();
  }

  /** Nothing listens where they would connect to: they do not get so far. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "summarize TALK --provider cuda",
        "run --bootstrap-servers localhost:1 --set model.provider=cuda",
        "demo --provider cuda",
        "replay --verify --bootstrap-servers localhost:1 --provider cuda",
        "model verify --provider cuda",
        "bench pipeline --provider cuda"
      })
  void eachCommandEndsWithOneLineThatSaysWhatToDo(String line) {
    List<String> arguments = List.of(line.replace("TALK", talk).split(" "));
    Result result = InProcess.run(arguments.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(GistreamCommand.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().filter(it -> it.startsWith("gistream: ")))
        .singleElement()
        .asString()
        .startsWith("gistream: model.provider=cuda: this ONNX Runtime")
        .contains("-Pcuda", "onnxruntime_gpu")
        .doesNotContain("Exception");
    assertThat(result.err()).doesNotContain("\tat ");
  }

  @Test
  void theProcessorComputesWhatIsComputedWithoutTheOption() {
    Result without = InProcess.run("summarize", talk, "--model", MODEL);
    Result with = InProcess.run("summarize", talk, "--model", MODEL, "--provider", "CPU");
    assertThat(with).isEqualTo(without);
    assertThat(with.exitCode()).isZero();
  }

  @Test
  void int8WithCudaIsWrongUsage() {
    Result result = InProcess.run("summarize", talk, "--provider", "cuda", "--precision", "int8");
    assertThat(result.exitCode()).isEqualTo(GistreamCommand.USAGE);
    assertThat(result.err()).contains("--precision", "--provider", "int8 is multiplied");

    Result verified = InProcess.run("model", "verify", "--provider", "cuda", "--precision", "int8");
    assertThat(verified.exitCode()).isEqualTo(GistreamCommand.USAGE);
    assertThat(verified.err()).contains("--provider cuda goes with --precision fp32 only");
  }

  @Test
  void bothOptionsReplaceWhatIsSetWhateverThatIs() {
    for (List<String> line :
        List.of(
            List.of("--set", "model.provider=cuda", "--provider", "cpu", "--precision", "int8"),
            List.of("--set", "model.precision=int8", "--provider", "cpu", "--precision", "fp32"))) {
      Result result = InProcess.run(command(line));
      assertThat(result.exitCode()).as(result.err()).isZero();
    }
    Result cuda =
        InProcess.run(
            command(
                List.of(
                    "--set", "model.precision=int8", "--provider", "cuda", "--precision", "fp32")));
    assertThat(cuda.err()).contains("this ONNX Runtime");
  }

  private String[] command(List<String> options) {
    return Stream.concat(Stream.of("summarize", talk, "--model", MODEL), options.stream())
        .toArray(String[]::new);
  }

  @Test
  void anotherProcessIsToldToo() {
    ModelOption option = new ModelOption();
    new CommandLine(new Holder(option))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs("--provider", "cuda");
    assertThat(option.arguments()).containsExactly("--provider", "cuda");
  }

  /** A command that takes the option. */
  @CommandLine.Command
  private static final class Holder {
    @CommandLine.Mixin private final ModelOption option;

    Holder(ModelOption option) {
      this.option = option;
    }
  }
}
