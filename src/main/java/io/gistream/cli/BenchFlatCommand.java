package io.gistream.cli;

import io.gistream.bench.FlatBenchmark;
import io.gistream.config.SummaryOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether a chunk costs more the longer the talk. */
@Command(name = "flat", description = "The cost of a chunk, early and late in a long talk.")
final class BenchFlatCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Length of the talk in chunks (default: 5000).")
  private int chunks;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchFlatCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--chunks", chunks, FlatBenchmark.leastChunks());
    return bench.run(
        spec,
        (model, settings, progress) ->
            new FlatBenchmark(
                    model, SummaryOptions.from(settings), BenchOutput.texts(), chunks, progress)
                .run());
  }
}
