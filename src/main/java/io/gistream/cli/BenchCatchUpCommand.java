package io.gistream.cli;

import io.gistream.bench.CatchUpBenchmark;
import io.gistream.config.SummaryOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast a backlog is worked off. */
@Command(
    name = "catch-up",
    description =
        "A backlog of talks: how much faster it is summarised than it was said; in fp32 and int8 if model.precision is not set.")
final class BenchCatchUpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--words",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Words in the backlog, about (default: 1000000).")
  private int words;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "64",
      description = "Talks in the backlog (default: 64).")
  private int streams;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "4",
      description = "Stream threads, with a partition each (default: 4).")
  private int threads;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchCatchUpCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--words", words, 1);
    BenchOutput.atLeast(spec, "--streams", streams, 1);
    BenchOutput.atLeast(spec, "--threads", threads, 1);
    return bench.runInEachPrecision(
        spec,
        (model, settings, progress) ->
            new CatchUpBenchmark(
                    model,
                    SummaryOptions.from(settings),
                    BenchOutput.texts(),
                    streams,
                    words,
                    threads,
                    progress)
                .run());
  }
}
