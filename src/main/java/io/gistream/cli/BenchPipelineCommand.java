package io.gistream.cli;

import io.gistream.bench.PipelineBenchmark;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is left of the model's speed inside Kafka's transactions. */
@Command(
    name = "pipeline",
    description = "Segments a second through Kafka, exactly once, against the model alone.")
final class BenchPipelineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "64",
      description = "Talks at once (default: 64).")
  private int streams;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Chunks of all talks together (default: 2000).")
  private int chunks;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Stream threads, with a partition each (default: 2).")
  private int threads;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchPipelineCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--streams", streams, 1);
    BenchOutput.atLeast(spec, "--threads", threads, 1);
    BenchOutput.atLeast(spec, "--chunks", chunks, streams);
    return bench.run(
        spec,
        (model, settings, progress) ->
            new PipelineBenchmark(
                    model,
                    BenchOutput.everyChunk(spec, settings),
                    BenchOutput.texts(),
                    streams,
                    chunks,
                    threads,
                    progress)
                .run());
  }
}
