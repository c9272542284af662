package io.gistream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a benchmark against its baseline in the same run. */
@Command(
    name = "bench",
    description = "Runs a benchmark and its baseline in the same run (docs/benchmarks.md).",
    footer = {
      "",
      "With --format json each prints one object: \"benchmark\", \"title\", \"machine\", \"setup\" and"
          + " \"results\", a list with one object a case: \"case\" and numbers, null where there is"
          + " none. Their names are in docs/benchmarks.md."
    },
    subcommands = {
      BenchAllCommand.class,
      BenchFlatCommand.class,
      BenchRescanCommand.class,
      BenchTorchCommand.class,
      BenchDecodeCommand.class,
      BenchPipelineCommand.class,
      BenchBatchCommand.class,
      BenchInt8Command.class,
      BenchLimitCommand.class,
      BenchLiveCommand.class,
      BenchCatchUpCommand.class,
      BenchChangelogCommand.class,
      BenchStartCommand.class,
      BenchRestoreCommand.class,
      BenchSoakCommand.class
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which benchmark? One of: " + String.join(", ", spec.subcommands().keySet()));
  }
}
