package io.gistream.cli;

import io.gistream.bench.BatchBenchmark;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What batches across live talks are worth. */
@Command(
    name = "batch",
    description = "1, 8, 64 and 256 live talks: segments a second of one core, and batch sizes.")
final class BenchBatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      defaultValue = "400",
      description = "Chunks of all talks of a case together (default: 400).")
  private int chunks;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchBatchCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--chunks", chunks, 1);
    return bench.run(
        spec,
        (model, settings, progress) ->
            new BatchBenchmark(
                    model,
                    BenchOutput.everyChunk(spec, settings),
                    BenchOutput.texts(),
                    chunks,
                    progress)
                .run());
  }
}
