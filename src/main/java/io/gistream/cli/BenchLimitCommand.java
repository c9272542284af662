package io.gistream.cli;

import io.gistream.bench.LimitBenchmark;
import io.gistream.config.SummaryOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the hardware would allow. */
@Command(
    name = "limit",
    description = "Operations and bytes a second of the model, against what this machine can do.")
final class BenchLimitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rounds of each measurement, of which the fastest counts (default: 10).")
  private int rounds;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchLimitCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--rounds", rounds, 1);
    return bench.run(
        spec,
        (model, settings, progress) -> {
          BenchOutput.onTheProcessor(spec, settings);
          return new LimitBenchmark(
                  model, SummaryOptions.from(settings), BenchOutput.texts(), rounds, progress)
              .run();
        });
  }
}
