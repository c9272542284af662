package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./gistream} as a user would. */
final class Launcher {
  private Launcher() {}

  /** What a command left behind. */
  record Result(int exitCode, String out, String err) {}

  static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of("gistream").toAbsolutePath().toString());
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command);
  }

  static Result run(String... arguments) throws IOException, InterruptedException {
    return runWithInput("", arguments);
  }

  static Result runWithInput(String input, String... arguments)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("gistream", ".in");
    Path out = Files.createTempFile("gistream", ".out");
    Path err = Files.createTempFile("gistream", ".err");
    try {
      Files.writeString(in, input);
      Process process =
          command(arguments)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(240, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "still running: " + String.join(" ", arguments) + "\n" + Files.readString(err));
      }
      return new Result(
          process.exitValue(),
          new String(Files.readAllBytes(out), UTF_8),
          new String(Files.readAllBytes(err), UTF_8));
    } finally {
      Files.delete(in);
      Files.delete(out);
      Files.delete(err);
    }
  }
}
