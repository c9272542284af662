package io.gistream.cli;

import io.gistream.bench.LiveBenchmark;
import io.gistream.config.SummaryOptions;
import io.gistream.config.SummaryOptions.SummaryEvery;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How many live talks one machine keeps up with. */
@Command(
    name = "live",
    description =
        "Live talks at real-time pace until one summary in a hundred is too late; in fp32 and int8 if model.precision is not set.")
final class BenchLiveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "How long each number of talks is watched, after 45 s or as long to warm up (default: 20).")
  private int seconds;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "256",
      description =
          "Talks to begin with, doubled until it is too many, or halved until it is not (default: 256).")
  private int from;

  @Option(
      names = "--every",
      paramLabel = "WHAT",
      description = "Only with a summary every chunk, or only every segment (default: both).")
  private @Nullable SummaryEvery every;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Stream threads, with a partition each (default: 2).")
  private int threads;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchLiveCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--seconds", seconds, 10);
    BenchOutput.atLeast(spec, "--from", from, 2);
    BenchOutput.atLeast(spec, "--threads", threads, 1);
    return bench.runInEachPrecision(
        spec,
        (model, settings, progress) ->
            new LiveBenchmark(
                    model,
                    SummaryOptions.from(settings),
                    every == null ? List.of(SummaryEvery.values()) : List.of(every),
                    BenchOutput.texts(),
                    seconds,
                    from,
                    threads,
                    progress)
                .run());
  }
}
