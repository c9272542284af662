package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.api.security.ApiKey;
import io.gistream.api.security.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a key: shown once, kept as a hash. */
@Command(
    name = "create",
    description = {
      "Makes a key of the HTTP API and prints it, once, on standard output.",
      "What the service keeps of it is one line of the file that http.auth.keys-file names."
    })
final class ApiKeyCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--id",
      paramLabel = "ID",
      required = true,
      description = "Whose key it is, as logs and answers name him.")
  private String id;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      split = ",",
      description = "One of ${COMPLETION-CANDIDATES}; may be repeated. ADMIN may do everything.")
  private List<Role> roles;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "Only for streams whose id begins so (default: for all).")
  private String prefix;

  @Option(
      names = "--keys-file",
      paramLabel = "FILE",
      description = "Appends the line to this file instead of printing it on standard error.")
  private @Nullable Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ApiKeyCreateCommand() {}

  @Override
  public Integer call() {
    ApiKey.Made made = make(EnumSet.copyOf(roles));
    if (file == null) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("For the file that http.auth.keys-file names:");
      err.println(made.kept().line());
      err.println("The key, which cannot be shown again:");
      err.flush();
    } else {
      append(file, made.kept().line());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(made.key());
    out.flush();
    return GistreamCommand.OK;
  }

  private ApiKey.Made make(Set<Role> wanted) {
    try {
      return ApiKey.make(id, wanted, prefix);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  /** A new file is the owner's alone. */
  private static void append(Path file, String line) {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    FileAttribute<?>[] attributes =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (SeekableByteChannel channel = Files.newByteChannel(file, options, attributes)) {
      Channels.newOutputStream(channel).write((line + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
