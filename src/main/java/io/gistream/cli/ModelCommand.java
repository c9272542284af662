package io.gistream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Looks at model packages, and makes them of checkpoints. */
@Command(
    name = "model",
    description = "Shows, verifies and imports model packages (docs/model-package.md).",
    subcommands = {ModelInspectCommand.class, ModelVerifyCommand.class, ModelImportCommand.class})
final class ModelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ModelCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
