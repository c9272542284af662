package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Python interpreter that can run the toolkit. */
final class Python {
  /** The oldest that the toolkit and its libraries run on. */
  private static final int MINOR = 11;

  private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+)");

  /**
   * Prints the version, then each line of the requirements whose library is not installed, and the
   * options for pip. Any Python from 2 on can run it. What only tests need is left out.
   */
  private static final String PROBE =
      """
      import re, sys
      print("%d.%d" % sys.version_info[:2])
      if sys.version_info >= (3, 8):
          from importlib import metadata
          for line in open(sys.argv[1], encoding="utf-8"):
              line = line.strip()
              name = re.split("[^A-Za-z0-9._-]", line)[0]
              if line.startswith("--"):
                  print(line)
              elif name and name != "pytest":
                  try:
                      metadata.version(name)
                  except metadata.PackageNotFoundError:
                      print(line)
      """;

  private final String executable;

  private Python(String executable) {
    this.executable = executable;
  }

  /**
   * Finds an interpreter and checks that it can run the toolkit.
   *
   * @param given by the user; null to look for one
   * @throws CommandFailure when there is none, it is too old, or it lacks libraries
   */
  static Python find(@Nullable String given, Toolkit toolkit) {
    List<String> candidates = given == null ? List.of("python3", "python") : List.of(given);
    List<String> failures = new ArrayList<>();
    for (String candidate : candidates) {
      Optional<List<String>> probed = probe(candidate, toolkit, failures);
      if (probed.isPresent()) {
        check(candidate, probed.get());
        return new Python(candidate);
      }
    }
    throw new CommandFailure(
        "no Python to run the toolkit with: %s; install Python 3.%d or newer, or name one with --python"
            .formatted(String.join("; ", failures), MINOR));
  }

  /** What the probe printed; empty when it could not be run. */
  private static Optional<List<String>> probe(
      String executable, Toolkit toolkit, List<String> failures) {
    String requirements = toolkit.directory().resolve(Toolkit.REQUIREMENTS).toString();
    List<String> lines = new ArrayList<>();
    int status;
    try {
      status = run(List.of(executable, "-c", PROBE, requirements), Map.of(), lines::add);
    } catch (IOException e) {
      failures.add("'%s' cannot be run".formatted(executable));
      return Optional.empty();
    }
    if (status != 0 || lines.isEmpty() || !VERSION.matcher(lines.get(0)).matches()) {
      String said = lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
      failures.add(
          "'%s' ended with exit status %d and said: %s".formatted(executable, status, said));
      return Optional.empty();
    }
    return Optional.of(lines);
  }

  private static void check(String executable, List<String> probed) {
    Matcher version = VERSION.matcher(probed.get(0));
    if (!version.matches()) {
      throw new IllegalStateException("the probe found a version");
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    if (major < 3 || (major == 3 && minor < MINOR)) {
      throw new CommandFailure(
          "'%s' is Python %s, and the toolkit needs 3.%d or newer; name another one with --python"
              .formatted(executable, probed.get(0), MINOR));
    }
    List<String> rest = probed.subList(1, probed.size());
    List<String> missing = rest.stream().filter(line -> !line.startsWith("--")).toList();
    if (!missing.isEmpty()) {
      throw new CommandFailure(
          "'%s' lacks %d libraries of the toolkit; install them with: %s -m pip install %s"
              .formatted(executable, missing.size(), executable, String.join(" ", rest)));
    }
  }

  /**
   * Runs a command of the toolkit and hands on what it prints, line by line.
   *
   * @return its exit status
   */
  int run(Toolkit toolkit, List<String> arguments, Consumer<String> output) throws IOException {
    List<String> command = new ArrayList<>(List.of(executable, "-m", "srformer"));
    command.addAll(arguments);
    String path = System.getenv("PYTHONPATH");
    Map<String, String> environment =
        Map.of(
            "PYTHONPATH",
            toolkit.directory() + (path == null || path.isEmpty() ? "" : File.pathSeparator + path),
            "PYTHONDONTWRITEBYTECODE",
            "1",
            "PYTHONUNBUFFERED",
            "1",
            "PYTHONIOENCODING",
            "utf-8");
    return run(command, environment, output);
  }

  /**
   * Runs a command of the toolkit for what it writes.
   *
   * @param err where what it said goes when it fails
   * @throws CommandFailure when it fails
   */
  void runOrFail(Toolkit toolkit, List<String> arguments, PrintWriter err) throws IOException {
    List<String> said = new ArrayList<>();
    int status = run(toolkit, arguments, said::add);
    if (status != 0) {
      said.forEach(err::println);
      err.flush();
      throw new CommandFailure(
          "the toolkit's %s failed (exit status %d); what it said is above"
              .formatted(arguments.get(0), status));
    }
  }

  /**
   * Has a command of the toolkit answer requests, each a file of JSON that are its last arguments.
   *
   * @param directory where the two files are for the moment
   * @param err where what it said goes when it fails
   * @throws CommandFailure when it fails
   */
  String answer(
      Toolkit toolkit, List<String> command, String requests, Path directory, PrintWriter err)
      throws IOException {
    Path asked = directory.resolve("requests.json");
    Path answered = directory.resolve("answer.json");
    Files.writeString(asked, requests);
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of(asked.toString(), answered.toString()));
    runOrFail(toolkit, arguments, err);
    return Files.readString(answered);
  }

  private static int run(
      List<String> command, Map<String, String> environment, Consumer<String> output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    Thread end = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(end);
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      process.getOutputStream().close();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.accept(line);
      }
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while " + command.get(0) + " was running", e);
    } finally {
      process.destroy();
      try {
        Runtime.getRuntime().removeShutdownHook(end);
      } catch (IllegalStateException e) {
        // the process is ending, and the hook is running
      }
    }
  }
}
