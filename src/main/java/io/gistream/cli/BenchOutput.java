package io.gistream.cli;

import io.gistream.avro.TranscriptChunk;
import io.gistream.bench.BenchResult;
import io.gistream.bench.BenchmarksFile;
import io.gistream.config.GistreamOptions;
import io.gistream.config.GistreamOptions.ModelProvider;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.config.SummaryOptions.SummaryEvery;
import io.gistream.model.Precision;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What all benchmarks take and give. */
final class BenchOutput {
  @Mixin private ModelOption modelOption = new ModelOption();

  @Mixin private FormatOption output = new FormatOption();

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Also replaces the benchmark's section in this Markdown file.")
  private @Nullable Path document;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  /** A benchmark that reports each percent done. */
  @FunctionalInterface
  interface Benchmark {
    BenchResult run(SummaryModel model, Settings settings, IntConsumer progress)
        throws InterruptedException;
  }

  /** A benchmark that brings models of its own, and reports each percent done. */
  @FunctionalInterface
  interface OwnModels {
    BenchResult run(Settings settings, IntConsumer progress)
        throws IOException, InterruptedException;
  }

  int run(CommandSpec spec, Benchmark benchmark) throws IOException, InterruptedException {
    return runWithOwnModels(
        spec,
        (settings, progress) -> {
          try (SummaryModel model = Models.load(settings, 1)) {
            return benchmark.run(model, settings, progress);
          }
        });
  }

  /**
   * For a benchmark that is run in all that package and provider can multiply in, unless one is
   * asked for; cases in int8 begin with {@code int8: }.
   */
  int runInEachPrecision(CommandSpec spec, Benchmark benchmark)
      throws IOException, InterruptedException {
    return runWithOwnModels(
        spec,
        (settings, progress) -> {
          boolean one =
              settings.isGiven(GistreamOptions.MODEL_PRECISION)
                  || settings.get(GistreamOptions.MODEL_PROVIDER) != ModelProvider.CPU;
          BenchResult result;
          boolean both;
          try (SummaryModel model = Models.load(settings, 1)) {
            both = !one && Precision.INT8.isIn(model.manifest());
            result =
                benchmark.run(model, settings, done -> progress.accept(both ? done / 2 : done));
          }
          if (!both) {
            return result;
          }
          Settings int8 = settings.with(GistreamOptions.MODEL_PRECISION, "int8", "both measured");
          try (SummaryModel model = Models.load(int8, 1)) {
            return result.and(
                benchmark.run(model, int8, done -> progress.accept(50 + done / 2)), "int8: ");
          }
        });
  }

  /** For a benchmark that loads its models itself, from the settings or from elsewhere. */
  int runWithOwnModels(CommandSpec spec, OwnModels benchmark)
      throws IOException, InterruptedException {
    Settings settings = modelOption.in(settingsOptions.load());
    BenchResult result;
    try (Progress progress = Progress.of("Measuring", 100)) {
      double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
      result =
          benchmark
              .run(settings, progress::stepTo)
              .withSetup("command", command(spec))
              .withSetup("load average before", load < 0 ? "unknown" : "%.1f".formatted(load));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.format() == OutputFormat.JSON ? result.toJson() : result.toText());
    out.flush();
    if (document != null) {
      BenchmarksFile.replaceSection(document, result.name(), result.toMarkdown());
    }
    return GistreamCommand.OK;
  }

  private static String command(CommandSpec spec) {
    return "./gistream "
        + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
  }

  /**
   * For benchmarks that wait for the summary of each chunk.
   *
   * @throws ParameterException when not every chunk has one
   */
  static SummaryOptions everyChunk(CommandSpec spec, Settings settings) {
    SummaryOptions options = SummaryOptions.from(settings);
    if (options.summaryEvery() != SummaryEvery.CHUNK) {
      throw new ParameterException(
          spec.commandLine(),
          "this benchmark waits for a summary of each chunk: leave summary.every=chunk (live and catch-up measure both)");
    }
    return options;
  }

  /**
   * For benchmarks that take the measure of the processor.
   *
   * @throws ParameterException when something else is to compute the model
   */
  static void onTheProcessor(CommandSpec spec, Settings settings) {
    if (settings.get(GistreamOptions.MODEL_PROVIDER) != ModelProvider.CPU) {
      throw new ParameterException(
          spec.commandLine(),
          "this benchmark measures the processor: leave model.provider=cpu (live, catch-up, batch and pipeline measure any)");
    }
  }

  static void atLeast(CommandSpec spec, String option, int given, int least) {
    if (given < least) {
      throw new ParameterException(
          spec.commandLine(), "%s is %d, must be %d or more".formatted(option, given, least));
    }
  }

  /** The demo meeting, cut to pieces of about 25 words: ten seconds of talk. */
  static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (TranscriptChunk chunk : TranscriptFiles.resource("/demo/meeting.jsonl", "demo")) {
      String[] words = chunk.getText().strip().split("\\s+");
      for (int from = 0; from + 15 <= words.length; from += 25) {
        texts.add(
            String.join(" ", List.of(words).subList(from, Math.min(from + 25, words.length))));
      }
    }
    return texts;
  }
}
