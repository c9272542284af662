package io.gistream.cli;

import io.gistream.model.PackageDescription;
import io.gistream.model.PackageVerification;
import io.gistream.model.SummaryModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The package that a command looks at, as {@link ModelOption} is the one that a command runs. */
final class PackageParameter {
  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "Model package; the bundled one when not given.")
  private @Nullable Path directory;

  PackageDescription describe() {
    return directory == null
        ? PackageDescription.bundled(SummaryModel.DEFAULT_MODEL)
        : PackageDescription.of(directory);
  }

  PackageVerification verify(SummaryModel.Options options, @Nullable Path goldens) {
    return directory == null
        ? PackageVerification.bundled(SummaryModel.DEFAULT_MODEL, options, goldens)
        : PackageVerification.of(directory, options, goldens);
  }
}
