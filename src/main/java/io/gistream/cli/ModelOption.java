package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.GistreamOptions.ModelPrecision;
import io.gistream.config.GistreamOptions.ModelProvider;
import io.gistream.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --model}, {@code --precision} and {@code --provider}, for the commands that run one. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model package (model.path); the bundled one when not given.")
  private @Nullable Path directory;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      description = "In what the model multiplies: fp32 or int8 (model.precision).")
  private @Nullable ModelPrecision precision;

  @Option(
      names = "--provider",
      paramLabel = "PROVIDER",
      description = "What computes the model: cpu or cuda (model.provider).")
  private @Nullable ModelProvider provider;

  /** The settings, with the model that is asked for. */
  Settings in(Settings settings) {
    Settings with = settings;
    if (directory != null) {
      with = with.with(GistreamOptions.MODEL_PATH, directory.toString(), "--model");
    }
    // the processor goes with every precision, a GPU with the one that may be asked for here
    if (provider == ModelProvider.CPU) {
      with = with.with(GistreamOptions.MODEL_PROVIDER, text(provider), "--provider");
    }
    if (precision != null) {
      with = with.with(GistreamOptions.MODEL_PRECISION, text(precision), "--precision");
    }
    if (provider == ModelProvider.CUDA) {
      with = with.with(GistreamOptions.MODEL_PROVIDER, text(provider), "--provider");
    }
    return with;
  }

  /** What was given, for the command line of another process. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (directory != null) {
      arguments.addAll(List.of("--model", directory.toString()));
    }
    if (precision != null) {
      arguments.addAll(List.of("--precision", text(precision)));
    }
    if (provider != null) {
      arguments.addAll(List.of("--provider", text(provider)));
    }
    return arguments;
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
