package io.gistream.cli;

import io.gistream.config.SettingsException;
import io.gistream.kafka.ClusterException;
import io.gistream.model.ModelPackageException;
import io.gistream.model.ProviderException;
import io.gistream.score.DatasetException;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.transcript.TranscriptException;
import java.io.PrintWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code gistream} command and how its failures are told. */
@Command(
    name = "gistream",
    // not a header: scope hands that to every subcommand, which would then have no other line in a
    // list
    description = "Rolling summaries of live transcripts, exactly once, on Kafka Streams.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed while running; the reason is on standard error",
      "2:wrong usage or settings; nothing was done"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      SummarizeCommand.class,
      ProduceCommand.class,
      SchemaCommand.class,
      TopicsCommand.class,
      ResetCommand.class,
      EraseCommand.class,
      DeadLettersCommand.class,
      ReplayCommand.class,
      ApiKeyCommand.class,
      ScoreCommand.class,
      BenchCommand.class,
      ModelCommand.class,
      BrokerCommand.class
    })
public final class GistreamCommand implements Runnable {
  /** Done. */
  public static final int OK = 0;

  /** Failed while running. */
  public static final int FAILED = 1;

  /** Wrong usage or settings. */
  public static final int USAGE = 2;

  private static final Logger LOG = LoggerFactory.getLogger(GistreamCommand.class);

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  GistreamCommand() {}

  /** Runs a command line and returns its exit code. */
  public static int execute(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new GistreamCommand());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(GistreamCommand::onWrongUsage);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> onFailure(failure, command));
    return commandLine;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int onWrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("gistream: " + e.getMessage() + didYouMean(e));
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return USAGE;
  }

  private static String didYouMean(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      return suggestions.isEmpty() ? "" : "; did you mean " + suggestions.get(0) + "?";
    }
    return "";
  }

  private static int onFailure(Exception failure, CommandLine command) {
    LOG.debug("Command failed", failure);
    command.getErr().println("gistream: " + describe(failure));
    return failure instanceof SettingsException ? USAGE : FAILED;
  }

  private static String describe(Exception failure) {
    if (failure instanceof CommandFailure
        || failure instanceof SettingsException
        || failure instanceof ModelPackageException
        || failure instanceof ProviderException
        || failure instanceof TranscriptException
        || failure instanceof DatasetException
        || failure instanceof ClusterException
        || failure instanceof NotReadyException) {
      return String.valueOf(failure.getMessage());
    }
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getMessage() + " (" + failure.getClass().getSimpleName() + ")";
  }
}
