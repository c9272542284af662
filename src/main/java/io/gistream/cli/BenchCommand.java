package io.gistream.cli;

import io.gistream.avro.TranscriptChunk;
import io.gistream.bench.BenchResult;
import io.gistream.bench.BenchmarksFile;
import io.gistream.bench.FlatBenchmark;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a benchmark against its baseline in the same process. */
@Command(
    name = "bench",
    description = "Runs a benchmark and its baseline in the same run (docs/benchmarks.md).")
final class BenchCommand implements Callable<Integer> {
  enum Benchmark {
    FLAT
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "One of: ${COMPLETION-CANDIDATES}. flat: the cost of a chunk, early and late.")
  private Benchmark benchmark;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      defaultValue = "1000",
      description = "flat: length of the talk in chunks (default: 1000).")
  private int chunks;

  @Mixin private ModelOption modelOption = new ModelOption();

  @Mixin private FormatOption output = new FormatOption();

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Also replaces the benchmark's section in this Markdown file.")
  private @Nullable Path document;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  BenchCommand() {}

  @Override
  public Integer call() throws IOException {
    SummaryOptions options = SummaryOptions.from(settingsOptions.load());
    if (chunks < FlatBenchmark.leastChunks()) {
      throw new ParameterException(
          spec.commandLine(),
          "--chunks is " + chunks + ", must be " + FlatBenchmark.leastChunks() + " or more");
    }
    BenchResult result;
    try (SummaryModel model = modelOption.load(1);
        Progress progress = Progress.of("Measuring", 100)) {
      result =
          switch (benchmark) {
            case FLAT -> new FlatBenchmark(model, options, texts(), chunks, progress::stepTo).run();
          };
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.format() == OutputFormat.JSON ? result.toJson() : result.toText());
    out.flush();
    if (document != null) {
      BenchmarksFile.replaceSection(document, result.name(), result.toMarkdown());
    }
    return GistreamCommand.OK;
  }

  /** The demo meeting, cut to pieces of about 25 words: ten seconds of talk. */
  private static List<String> texts() {
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
