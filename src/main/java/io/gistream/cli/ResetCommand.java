package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has an application begin anew. */
@Command(
    name = "reset",
    description = {
      "Deletes the application's group, its changelogs and its local state here, once no instance"
          + " runs.",
      "The next start reads the chunks topic again from its beginning and gives every summary once"
          + " more. Topics of chunks, summaries and dead letters stay as they are."
    })
final class ResetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--yes", description = "Does it; without, nothing is done.")
  private boolean yes;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ResetCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settingsOptions.load();
    String application = settings.get(GistreamOptions.APPLICATION_ID);
    if (!yes) {
      throw new ParameterException(
          spec.commandLine(),
          "this deletes what application %s knows of all streams; say --yes"
              .formatted(application));
    }
    StateReset.ofStateBefore(settings).run(() -> false);
    spec.commandLine().getOut().printf("Application %s begins anew%n", application);
    return GistreamCommand.OK;
  }
}
