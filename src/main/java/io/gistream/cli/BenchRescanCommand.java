package io.gistream.cli;

import io.gistream.bench.RescanBenchmark;
import io.gistream.config.SummaryOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What it saves to remember. */
@Command(
    name = "rescan",
    description = "Processor time of a talk, against reading it, or its end, again at every chunk.")
final class BenchRescanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      defaultValue = "360",
      description = "Length of the talk in chunks of ten seconds (default: 360, an hour).")
  private int chunks;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchRescanCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--chunks", chunks, RescanBenchmark.leastChunks());
    return bench.run(
        spec,
        (model, settings, progress) ->
            new RescanBenchmark(
                    model, SummaryOptions.from(settings), BenchOutput.texts(), chunks, progress)
                .run());
  }
}
