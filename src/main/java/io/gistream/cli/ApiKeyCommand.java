package io.gistream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Keys of the HTTP API. */
@Command(
    name = "api-key",
    description = "Makes keys of the HTTP API.",
    subcommands = ApiKeyCreateCommand.class)
final class ApiKeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ApiKeyCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
