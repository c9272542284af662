package io.gistream.cli;

import io.gistream.bench.DecodeBenchmark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Models that write, against {@code generate} of transformers on the same weights. */
@Command(
    name = "decode",
    description = {
      "Models that write: tokens a second in fp32 and int8, against generate of transformers on the"
          + " same weights. Needs Python with the libraries of the toolkit.",
      "The models have the shapes of BART-base and T5-small and random weights; --model and"
          + " --precision are not looked at."
    })
final class BenchDecodeCommand implements Callable<Integer> {
  /** Positions that the decoder of BART-base has, without the start. */
  private static final int MOST_TOKENS = 1023;

  @Spec private CommandSpec spec;

  @Option(
      names = "--new-tokens",
      paramLabel = "N",
      defaultValue = "32",
      description = "Tokens that each segment adds (default: 32).")
  private int newTokens;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "3",
      description = "Times that each case is measured (default: 3).")
  private int repeats;

  @Option(
      names = "--shapes",
      paramLabel = "NAME",
      split = ",",
      description = "Only models of these shapes, comma-separated: bart-base, t5-small.")
  private List<String> shapes = new ArrayList<>(DecodeBenchmark.SHAPES);

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads of each side (default: 2).")
  private int threads;

  @Mixin private ToolkitOptions toolkitOptions = new ToolkitOptions();

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchDecodeCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--new-tokens", newTokens, 1);
    BenchOutput.atLeast(spec, "--repeats", repeats, 1);
    BenchOutput.atLeast(spec, "--threads", threads, 1);
    if (newTokens > MOST_TOKENS) {
      throw new ParameterException(
          spec.commandLine(),
          "--new-tokens is %d, must be %d or less".formatted(newTokens, MOST_TOKENS));
    }
    for (String shape : shapes) {
      if (!DecodeBenchmark.SHAPES.contains(shape)) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no shape '%s'; there are %s"
                .formatted(shape, String.join(", ", DecodeBenchmark.SHAPES)));
      }
    }
    Path directory = Files.createTempDirectory("gistream-bench");
    try (Toolkit toolkit = toolkitOptions.open()) {
      Python python = toolkitOptions.interpreter(toolkit);
      return bench.runWithOwnModels(
          spec,
          (settings, progress) -> {
            BenchOutput.onTheProcessor(spec, settings);
            Path packages = packages(python, toolkit, directory);
            return new DecodeBenchmark(
                    packages,
                    shapes,
                    BenchOutput.texts(),
                    threads,
                    newTokens,
                    repeats,
                    requests -> generate(python, toolkit, directory, packages, requests),
                    progress)
                .run();
          });
    } finally {
      Directories.delete(directory);
    }
  }

  private Path packages(Python python, Toolkit toolkit, Path directory) throws IOException {
    Path packages = directory.resolve("packages");
    List<String> arguments = new ArrayList<>(List.of("bench-decode-packages", packages.toString()));
    arguments.addAll(shapes);
    python.runOrFail(toolkit, arguments, spec.commandLine().getErr());
    return packages;
  }

  private String generate(
      Python python, Toolkit toolkit, Path directory, Path packages, String requests) {
    try {
      return python.answer(
          toolkit,
          List.of("bench-decode", packages.toString()),
          requests,
          directory,
          spec.commandLine().getErr());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
