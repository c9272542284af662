package io.gistream.cli;

import io.gistream.bench.RestoreBenchmark;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Time until work goes on with the state of many streams. */
@Command(
    name = "restore",
    description =
        "Time until work goes on with the state of many streams: cold, on disk, with a standby.")
final class BenchRestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Streams with state (default: 10000).")
  private int streams;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      defaultValue = "3",
      description = "Chunks of each before the restart (default: 3).")
  private int chunks;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchRestoreCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--streams", streams, 1);
    BenchOutput.atLeast(spec, "--chunks", chunks, 1);
    return bench.run(
        spec,
        (model, settings, progress) ->
            new RestoreBenchmark(
                    model,
                    BenchOutput.everyChunk(spec, settings),
                    BenchOutput.texts(),
                    streams,
                    chunks,
                    progress)
                .run());
  }
}
