package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.gistream.bench.GistreamProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * All benchmarks one after the other, each in a process of its own: what one leaves behind in heap,
 * caches and compiled code is not there for the next.
 */
@Command(
    name = "all",
    description = "All benchmarks one after the other, each in a process of its own.")
final class BenchAllCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these benchmarks, comma-separated.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Also replaces the benchmarks' sections in this Markdown file.")
  private @Nullable Path document;

  @Mixin private ModelOption model = new ModelOption();

  @Mixin private FormatOption output = new FormatOption();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BenchAllCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean json = output.format() == OutputFormat.JSON;
    ArrayNode results = JSON.createArrayNode();
    List<String> failed = new ArrayList<>();
    for (String name : chosen()) {
      err.println("bench " + name);
      err.flush();
      Process process =
          new ProcessBuilder(command(name)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      byte[] printed = process.getInputStream().readAllBytes();
      if (process.waitFor() != GistreamCommand.OK) {
        failed.add(name);
      } else if (json) {
        try {
          results.add(JSON.readTree(printed));
        } catch (JsonProcessingException e) { // an agent of the JVM may have printed in between
          err.println(new String(printed, UTF_8));
          failed.add(name);
        }
      } else {
        out.println(new String(printed, UTF_8));
        out.flush();
      }
    }
    if (json) {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results));
      out.flush();
    }
    if (!failed.isEmpty()) {
      err.println("failed, see above: " + String.join(", ", failed));
      return CommandLine.ExitCode.SOFTWARE;
    }
    return GistreamCommand.OK;
  }

  private List<String> chosen() {
    List<String> known = new ArrayList<>(spec.parent().subcommands().keySet());
    known.remove(spec.name());
    for (String name : only) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "no benchmark is called '%s'; there are %s".formatted(name, String.join(", ", known)));
      }
    }
    return only.isEmpty() ? known : only;
  }

  private List<String> command(String name) {
    List<String> arguments =
        new ArrayList<>(
            List.of("bench", name, "--format", output.format().name().toLowerCase(Locale.ROOT)));
    if (document != null) {
      arguments.addAll(List.of("--write", document.toString()));
    }
    arguments.addAll(model.arguments());
    return GistreamProcess.command(arguments);
  }
}
