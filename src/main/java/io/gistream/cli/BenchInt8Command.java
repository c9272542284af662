package io.gistream.cli;

import io.gistream.bench.Int8Benchmark;
import io.gistream.config.GistreamOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What int8 gains and what it costs. */
@Command(
    name = "int8",
    description = "The model in int8 against float32: speed, and what comes out.")
final class BenchInt8Command implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "8",
      description = "Rounds of 64 segments for each row (default: 8).")
  private int rounds;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchInt8Command() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--rounds", rounds, 1);
    return bench.runWithOwnModels(
        spec,
        (settings, progress) -> {
          BenchOutput.onTheProcessor(spec, settings);
          try (SummaryModel fp32 =
                  Models.load(
                      settings.with(GistreamOptions.MODEL_PRECISION, "fp32", "bench int8"), 1);
              SummaryModel int8 =
                  Models.load(
                      settings.with(GistreamOptions.MODEL_PRECISION, "int8", "bench int8"), 1)) {
            return new Int8Benchmark(
                    fp32,
                    int8,
                    SummaryOptions.from(settings),
                    BenchOutput.texts(),
                    rounds,
                    progress)
                .run();
          }
        });
  }
}
