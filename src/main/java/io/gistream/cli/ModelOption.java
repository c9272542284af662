package io.gistream.cli;

import io.gistream.model.SummaryModel;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --model}, for the commands that run one. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model package; the bundled one when not given.")
  private @Nullable Path directory;

  Optional<Path> directory() {
    return Optional.ofNullable(directory);
  }

  SummaryModel load(int threads) {
    return Models.load(directory, threads);
  }
}
