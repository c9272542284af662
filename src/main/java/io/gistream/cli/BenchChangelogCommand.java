package io.gistream.cli;

import io.gistream.bench.ChangelogBenchmark;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a minute of talk costs in the changelogs. */
@Command(
    name = "changelog",
    description = "Changelog bytes a minute of talk, by memory.checkpoint-interval.")
final class BenchChangelogCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      defaultValue = "120",
      description = "Length of each talk in chunks of ten seconds (default: 120).")
  private int chunks;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "8",
      description = "Talks at once (default: 8).")
  private int streams;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchChangelogCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--chunks", chunks, 1);
    BenchOutput.atLeast(spec, "--streams", streams, 1);
    return bench.run(
        spec,
        (model, settings, progress) ->
            new ChangelogBenchmark(
                    model,
                    BenchOutput.everyChunk(spec, settings),
                    BenchOutput.texts(),
                    streams,
                    chunks,
                    progress)
                .run());
  }
}
