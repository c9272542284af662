package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native libraries unpack themselves, on a machine that never ran them and has no network. */
class NativeLibrariesIT {
  /** Loads a model and says how many tokens it sees; run as a process of its own. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      try (SummaryModel model = SummaryModel.bundled("tiny", SummaryModel.Options.DEFAULT)) {
        System.out.println("tokens " + (model.countTokens("a b") > 0));
        System.out.println("states " + model.encode(List.of("a b")).size());
      }
    }
  }

  private static Process start(Path home) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Duser.home=" + home);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Child.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("DJL_CACHE_DIR", "ENGINE_CACHE_DIR"));
    return builder.start();
  }

  @Test
  void processesThatStartTogetherInAFreshHomeAllLoadAModel(@TempDir Path home) throws Exception {
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      children.add(start(home));
    }
    for (Process child : children) {
      String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(output).contains("tokens true", "states 1");
      assertThat(child.exitValue()).isZero();
    }
    try (var files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
          .as("one copy, nothing half written")
          .containsExactly(System.mapLibraryName("tokenizers"));
    }
  }
}
