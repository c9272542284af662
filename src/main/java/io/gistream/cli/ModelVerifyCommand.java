package io.gistream.cli;

import io.gistream.model.ModelPackageException;
import io.gistream.model.PackageVerification;
import io.gistream.model.Precision;
import io.gistream.model.Provider;
import io.gistream.model.SummaryModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks that a package is whole and computes what it should. */
@Command(
    name = "verify",
    description =
        "Checks every digest of a model package, opens its tokenizer and graphs, and runs them"
            + " beside its goldens, if it has any. Fails at what is wrong first.")
final class ModelVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PackageParameter model = new PackageParameter();

  @Option(
      names = "--goldens",
      paramLabel = "FILE",
      description = "Goldens to compare with in place of the package's own.")
  private @Nullable Path goldens;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "FP32",
      description =
          "In what the model is run: fp32 or int8, which may differ more (default: fp32).")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--provider",
      paramLabel = "PROVIDER",
      defaultValue = "CPU",
      description = "What runs it: cpu or cuda, with fp32 only (default: cpu).")
  private Provider provider = Provider.CPU;

  @Mixin private FormatOption output = new FormatOption();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ModelVerifyCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (provider != Provider.CPU && precision != Precision.FP32) {
      throw new ParameterException(
          spec.commandLine(), "--provider cuda goes with --precision fp32 only");
    }
    PackageVerification verification;
    try {
      verification = model.verify(new SummaryModel.Options(1, precision, provider), goldens);
    } catch (ModelPackageException e) {
      if (output.format() == OutputFormat.JSON) {
        out.println(PackageJson.broken(e));
        out.flush();
      }
      throw e;
    }
    switch (output.format()) {
      case JSON -> out.println(PackageJson.verified(verification));
      case TEXT -> out.print(PackageText.verified(verification));
    }
    out.flush();
    return verdict(verification);
  }

  /** {@link GistreamCommand#OK}, or fails with the first difference. */
  static int verdict(PackageVerification verification) {
    if (!verification.passed()) {
      throw new CommandFailure(PackageText.problem(verification));
    }
    return GistreamCommand.OK;
  }
}
