package io.gistream.cli;

import io.gistream.bench.SoakBenchmark;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether anything grows while talks come and go. */
@Command(
    name = "soak",
    description = "Talks coming and going at the highest load: memory and disk over time.")
final class BenchSoakCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long (default: 10).")
  private int minutes;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchSoakCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--minutes", minutes, 1);
    return bench.run(
        spec,
        (model, settings, progress) ->
            new SoakBenchmark(
                    model,
                    BenchOutput.everyChunk(spec, settings),
                    BenchOutput.texts(),
                    minutes,
                    progress)
                .run());
  }
}
