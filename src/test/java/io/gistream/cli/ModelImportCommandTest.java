package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gistream.cli.InProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What surrounds the conversion; the conversion itself is tested in Python. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "interpreters are shell scripts here")
class ModelImportCommandTest {
  /** In place of the toolkit: says what it was asked, and copies a package. */
  private static final String CONVERT =
      """
      import os, pathlib, shutil, sys
      print("asked:", sys.argv[1:])
      print("reading the checkpoint …")
      out = pathlib.Path(sys.argv[3])
      out.mkdir(exist_ok=True)
      for file in pathlib.Path(os.environ["PYTHONPATH"].split(os.pathsep)[0], "package").iterdir():
          shutil.copy(file, out)
      """;

  private Path root;
  private Path checkpoint;
  private Path output;

  @BeforeEach
  void makeCheckpoint(@TempDir Path temporary) throws IOException {
    root = temporary;
    output = root.resolve("out");
    checkpoint = Files.createDirectory(root.resolve("checkpoint"));
    Files.writeString(checkpoint.resolve("config.json"), "{\"model_type\": \"t5\"}");
    Files.writeString(checkpoint.resolve("model.safetensors"), "");
  }

  private Result importing(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("model", "import", checkpoint.toString(), output.toString()));
    arguments.addAll(List.of(options));
    return InProcess.run(arguments.toArray(String[]::new));
  }

  private Path script(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /** A toolkit that needs no library. */
  private Path toolkit(String main) throws IOException {
    Path toolkit = Files.createDirectory(root.resolve("toolkit"));
    Files.writeString(toolkit.resolve("requirements.txt"), "pytest==9.1.1\n");
    Path code = Files.createDirectory(toolkit.resolve("srformer"));
    Files.writeString(code.resolve("__main__.py"), main);
    Path copied = Files.createDirectory(toolkit.resolve("package"));
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/models/tiny"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copied.resolve(file.getFileName()));
      }
    }
    return toolkit;
  }

  private static void assumePython() {
    boolean works;
    try {
      works =
          new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))")
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      works = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      works = false;
    }
    assumeTrue(works, "no Python 3.11 here");
  }

  @Test
  void allThatIsWrongWithTheArgumentsIsToldAtOnce() throws IOException {
    Files.delete(checkpoint.resolve("config.json"));
    Files.delete(checkpoint.resolve("model.safetensors"));
    Files.createDirectory(output);
    Files.writeString(output.resolve("precious"), "");
    Path trained = Files.createDirectory(root.resolve("out-checkpoint"));
    Files.writeString(trained.resolve("precious"), "");
    Result result = importing("--toolkit", root.toString(), "--python", "/nonexistent/python");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("which is no Hugging Face checkpoint: it has no config.json with a model_type")
        .contains("which has no weights (model.safetensors or pytorch_model.bin)")
        .contains("OUT_DIR is " + output + ", which is not empty")
        .contains("the checkpoint to train from goes to " + trained + ", which is not empty")
        .contains("--toolkit is " + root + ", which has no srformer in it");
    assertThat(output.resolve("precious")).exists();
    assertThat(trained.resolve("precious")).exists();
  }

  @Test
  void aDirectoryThatIsNotThereIsNoCheckpoint() throws IOException {
    checkpoint = root.resolve("nowhere");
    Files.writeString(output, "a file");
    Result result = importing();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("HF_DIR is " + checkpoint + ", which is no directory")
        .contains("OUT_DIR is " + output + ", which is a file");
  }

  @Test
  void aConfigurationOfSomethingElseIsNoCheckpoint() throws IOException {
    Files.writeString(checkpoint.resolve("config.json"), "[]");
    assertThat(importing().err()).contains("no config.json with a model_type");
  }

  @Test
  void missingArgumentsAreNamed() {
    Result result = InProcess.run("model", "import");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("HF_DIR").contains("OUT_DIR");
  }

  @Test
  void withoutPythonItSaysWhatToInstall() {
    Result result = importing("--python", "/nonexistent/python");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "gistream: no Python to run the toolkit with: '/nonexistent/python' cannot be run; install Python 3.11 or newer, or name one with --python%n"
                .formatted());
    assertThat(output).doesNotExist();
  }

  @Test
  void whatIsNoPythonIsQuoted() throws IOException {
    Path wrong = script("wrong", "echo 'I am a shell' >&2; exit 7");
    Result result = importing("--python", wrong.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("'%s' ended with exit status 7 and said: I am a shell;".formatted(wrong));
  }

  @Test
  void anOldPythonIsNamedWithItsVersion() throws IOException {
    Path old = script("old", "echo 3.9");
    Result result = importing("--python", old.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "'%s' is Python 3.9, and the toolkit needs 3.11 or newer; name another one with --python"
                .formatted(old));
  }

  @Test
  void missingLibrariesAreToldWithTheCommandThatInstallsThem() throws IOException {
    assumePython();
    Path bare = script("bare", "exec python3 -I -S \"$@\""); // sees no installed library
    Result result = importing("--python", bare.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    List<String> requirements =
        Files.readAllLines(Path.of("src/main/python/requirements.txt")).stream()
            .filter(line -> !line.startsWith("pytest"))
            .toList();
    assertThat(requirements).anyMatch(line -> line.startsWith("torch=="));
    assertThat(result.err())
        .contains(
            "'%s' lacks %d libraries of the toolkit; install them with: %s -m pip install %s"
                .formatted(
                    bare,
                    requirements.stream().filter(line -> !line.startsWith("--")).count(),
                    bare,
                    String.join(" ", requirements)));
    assertThat(output).doesNotExist();
  }

  @Test
  void thePackageMadeIsVerified() throws IOException {
    assumePython();
    Path toolkit = toolkit(CONVERT);
    Result result =
        importing(
            "--toolkit",
            toolkit.toString(),
            "--memory",
            "none",
            "--name",
            "talks",
            "--python",
            "python3");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith(
            "asked: ['convert', '%s', '%s', '--memory', 'none', '--checkpoint', '%s-checkpoint', '--name', 'talks']\nreading the checkpoint …\n"
                .formatted(checkpoint, output, output))
        .contains("package     " + output)
        .endsWith("All of it agrees.\n");
  }

  @Test
  void aPackageThatIsNotRightIsKeptAndTheImportFails() throws IOException {
    assumePython();
    Path toolkit = toolkit(CONVERT);
    Files.writeString(toolkit.resolve("package/encoder.onnx"), "damaged");
    Result result = importing("--toolkit", toolkit.toString(), "--python", "python3");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("'--memory', 'raf',");
    assertThat(result.err()).contains(output + ": encoder.onnx: expected SHA-256");
    assertThat(output.resolve("encoder.onnx")).exists();
  }

  @Test
  void aConversionThatFailsLeavesNothingBehind() throws IOException {
    assumePython();
    Path toolkit =
        toolkit(
            CONVERT
                + "pathlib.Path(sys.argv[7]).mkdir()\n"
                + "sys.exit('this model cannot be converted')\n");
    Result result = importing("--toolkit", toolkit.toString(), "--python", "python3");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).endsWith("this model cannot be converted\n");
    assertThat(result.err())
        .contains(
            "the toolkit could not make a package of %s (exit status 1); what it said is above"
                .formatted(checkpoint));
    assertThat(output).doesNotExist();
    assertThat(root.resolve("out-checkpoint")).doesNotExist();
  }
}
