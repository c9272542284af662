package io.gistream.cli;

import io.gistream.bench.StartBenchmark;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a process takes to its first summary. */
@Command(
    name = "start",
    description = "From the start of the process to its first summary, against a bare process.")
final class BenchStartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "3",
      description = "Processes of each kind that are started (default: 3).")
  private int repeats;

  @Mixin private BenchOutput bench = new BenchOutput();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchStartCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchOutput.atLeast(spec, "--repeats", repeats, 1);
    return bench.run(
        spec,
        (model, settings, progress) ->
            new StartBenchmark(
                    model.manifest().name() + " " + model.manifest().version(),
                    modelSettings(settings),
                    BenchOutput.texts(),
                    repeats,
                    progress)
                .run());
  }

  /** Those that name the model, for the process that is started. */
  private static List<String> modelSettings(Settings settings) {
    List<String> given = new ArrayList<>();
    settings
        .get(GistreamOptions.MODEL_PATH)
        .ifPresent(directory -> given.add("model.path=" + directory.toAbsolutePath()));
    given.add(
        "model.precision="
            + settings.get(GistreamOptions.MODEL_PRECISION).name().toLowerCase(Locale.ROOT));
    given.add(
        "model.provider="
            + settings.get(GistreamOptions.MODEL_PROVIDER).name().toLowerCase(Locale.ROOT));
    return given;
  }
}
