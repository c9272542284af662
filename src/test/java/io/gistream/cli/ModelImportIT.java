package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The jar alone, far from any checkout: the toolkit comes out of it, and is gone afterwards. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "interpreters are shell scripts here")
class ModelImportIT {
  @TempDir private Path root;
  private Path temporary;
  private Path jar;

  @BeforeEach
  void copyJar() throws IOException {
    temporary = Files.createDirectory(root.resolve("tmp"));
    jar =
        Files.copy(
            Path.of("target/gistream.jar"),
            Files.createDirectories(root.resolve("a/b")).resolve("gistream.jar"));
    Path checkpoint = Files.createDirectory(root.resolve("checkpoint"));
    Files.writeString(checkpoint.resolve("config.json"), "{\"model_type\": \"bart\"}");
    Files.writeString(checkpoint.resolve("pytorch_model.bin"), "");
  }

  private Process start(String interpreter) throws IOException {
    Path python = root.resolve("python");
    Files.writeString(python, "#!/bin/sh\n" + interpreter + "\n");
    assertThat(python.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            jar + File.pathSeparator + Path.of("target/lib").toAbsolutePath() + "/*",
            "io.gistream.Gistream",
            "model",
            "import",
            root.resolve("checkpoint").toString(),
            root.resolve("out").toString(),
            "--python",
            python.toString());
    builder.environment().remove(Toolkit.VARIABLE);
    return builder.redirectErrorStream(true).start();
  }

  private List<String> unpacked() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("gistream-toolkit"))
          .toList();
    }
  }

  @Test
  void theToolkitIsUnpackedForPythonAndDeletedWhenItFails() throws Exception {
    Process process =
        start(
            "if [ \"$1\" = -c ]; then echo 3.12; else ls \"${PYTHONPATH%%:*}/srformer\"; exit 5; fi");
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said).contains("__main__.py").contains("cli.py").contains("(exit status 5)");
    assertThat(unpacked()).isEmpty();
  }

  @Test
  void theToolkitIsDeletedWhenTheProcessIsTerminated() throws Exception {
    Process process = start("if [ \"$1\" = -c ]; then echo 3.12; else exec sleep 100; fi");
    long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (process
        .descendants()
        .noneMatch(child -> child.info().commandLine().orElse("").contains("sleep"))) {
      assertThat(process.isAlive()).isTrue();
      assertThat(System.nanoTime()).as("still not converting").isLessThan(giveUpAt);
      Thread.sleep(50);
    }
    ProcessHandle child = process.descendants().findFirst().orElseThrow();
    assertThat(unpacked()).hasSize(1);

    process.destroy();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(unpacked()).isEmpty();
    child.onExit().get(10, TimeUnit.SECONDS);
  }
}
