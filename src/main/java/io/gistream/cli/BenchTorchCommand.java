package io.gistream.cli;

import io.gistream.bench.TorchBenchmark;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The model here against the same weights in PyTorch. */
@Command(
    name = "torch",
    description =
        "Segments a second, against the same weights in PyTorch, by its fastest mode. Needs Python"
            + " with the libraries of the toolkit.")
final class BenchTorchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--segments",
      paramLabel = "N",
      defaultValue = "128",
      description = "Segments of each case, a multiple of 64 (default: 128).")
  private int segments;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads of each side (default: 2).")
  private int threads;

  @Mixin private ToolkitOptions toolkitOptions = new ToolkitOptions();

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchTorchCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--segments", segments, TorchBenchmark.talks());
    BenchOutput.atLeast(spec, "--threads", threads, 1);
    if (segments % TorchBenchmark.talks() != 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--segments is %d, must be a multiple of %d".formatted(segments, TorchBenchmark.talks()));
    }
    Path directory = Files.createTempDirectory("gistream-bench");
    try (Toolkit toolkit = toolkitOptions.open()) {
      Python python = toolkitOptions.interpreter(toolkit);
      return bench.run(
          spec,
          (model, settings, progress) -> {
            try (SummaryModel shared = Models.load(settings, threads)) {
              return new TorchBenchmark(
                      model,
                      shared,
                      SummaryOptions.from(settings),
                      BenchOutput.texts(),
                      threads,
                      segments,
                      requests -> torch(python, toolkit, settings, model, directory, requests),
                      progress)
                  .run();
            }
          });
    } finally {
      Directories.delete(directory);
    }
  }

  private String torch(
      Python python,
      Toolkit toolkit,
      Settings settings,
      SummaryModel model,
      Path directory,
      String requests) {
    try {
      Path files = Models.files(settings, model, directory);
      return python.answer(
          toolkit,
          List.of("bench-torch", files.toString()),
          requests,
          directory,
          spec.commandLine().getErr());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
