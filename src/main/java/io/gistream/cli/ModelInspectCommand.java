package io.gistream.cli;

import io.gistream.model.PackageDescription;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what a package says of itself. */
@Command(
    name = "inspect",
    description =
        "Shows what a model package says of itself: sizes, limits, memory, files, training. Loads"
            + " no graph and checks no digest; see verify.")
final class ModelInspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PackageParameter model = new PackageParameter();

  @Mixin private FormatOption output = new FormatOption();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ModelInspectCommand() {}

  @Override
  public Integer call() {
    PackageDescription description = model.describe();
    PrintWriter out = spec.commandLine().getOut();
    switch (output.format()) {
      case JSON -> out.println(PackageJson.describe(description));
      case TEXT -> out.print(PackageText.describe(description));
    }
    out.flush();
    return GistreamCommand.OK;
  }
}
