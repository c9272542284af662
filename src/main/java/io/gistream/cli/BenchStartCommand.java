package io.gistream.cli;

import io.gistream.bench.StartBenchmark;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** How long a process takes to its first summary. */
@Command(
    name = "start",
    description = "From the start of the process to its first summary, against a bare process.")
final class BenchStartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchStartCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    return bench.run(
        spec,
        (model, settings, progress) ->
            new StartBenchmark(
                    model.manifest().name() + " " + model.manifest().version(),
                    bench.modelDirectory().map(dir -> dir.toAbsolutePath().toString()).orElse(""),
                    BenchOutput.texts(),
                    progress)
                .run());
  }
}
