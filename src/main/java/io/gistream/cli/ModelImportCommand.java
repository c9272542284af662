package io.gistream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.model.PackageVerification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a package of a Hugging Face checkpoint, by the Python toolkit. */
@Command(
    name = "import",
    description =
        "Makes a model package of a Hugging Face checkpoint (T5 or BART) and verifies it. Needs"
            + " Python with the libraries of the toolkit; says so where they are missing.")
final class ModelImportCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CONFIG = "config.json";

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "HF_DIR",
      description = "Checkpoint: a directory with config.json, weights and tokenizer.")
  private Path checkpoint;

  @Parameters(
      index = "1",
      paramLabel = "OUT_DIR",
      description =
          "Where the package goes: a directory that is empty or not there. A checkpoint to train"
              + " from goes to OUT_DIR-checkpoint.")
  private Path output;

  @Option(
      names = "--memory",
      paramLabel = "KIND",
      defaultValue = "raf",
      description = "Memory to give the model (default: raf).")
  private String memory = "raf";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the package; that of OUT_DIR when not given.")
  private @Nullable String name;

  @Mixin private ToolkitOptions toolkitOptions = new ToolkitOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ModelImportCommand() {}

  @Override
  public Integer call() throws IOException {
    List<String> problems = new ArrayList<>();
    checkCheckpoint(problems);
    checkOutput(problems);
    Optional<Toolkit> given = toolkitOptions.given(problems);
    if (!problems.isEmpty()) {
      throw new ParameterException(spec.commandLine(), String.join("\n  ", problems));
    }
    try (Toolkit toolkit = given.isPresent() ? given.get() : Toolkit.own()) {
      Python interpreter = toolkitOptions.interpreter(toolkit);
      convert(interpreter, toolkit);
    }
    PrintWriter out = spec.commandLine().getOut();
    PackageVerification verification = PackageVerification.of(output, null);
    out.print(PackageText.verified(verification));
    out.flush();
    return ModelVerifyCommand.verdict(verification);
  }

  private void convert(Python interpreter, Toolkit toolkit) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "convert",
                checkpoint.toAbsolutePath().toString(),
                output.toAbsolutePath().toString(),
                "--memory",
                memory,
                "--checkpoint",
                trainable().toString()));
    if (name != null) {
      arguments.addAll(List.of("--name", name));
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean converted = false;
    try {
      int status =
          interpreter.run(
              toolkit,
              arguments,
              line -> {
                out.println(line);
                out.flush();
              });
      if (status != 0) {
        throw new CommandFailure(
            "the toolkit could not make a package of %s (exit status %d); what it said is above"
                .formatted(checkpoint, status));
      }
      converted = true;
    } finally {
      if (!converted) {
        // they were empty or not there: whatever is in them is half of what should be
        for (Path half : List.of(output, trainable())) {
          if (Files.exists(half)) {
            Directories.delete(half);
          }
        }
      }
    }
  }

  /** Where the toolkit puts the checkpoint with the memory in it, to train from. */
  private Path trainable() {
    Path absolute = output.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + "-checkpoint");
  }

  private void checkCheckpoint(List<String> problems) throws IOException {
    if (!Files.isDirectory(checkpoint)) {
      problems.add("HF_DIR is %s, which is no directory".formatted(checkpoint));
      return;
    }
    if (!hasModelType(checkpoint.resolve(CONFIG))) {
      problems.add(
          "HF_DIR is %s, which is no Hugging Face checkpoint: it has no config.json with a model_type"
              .formatted(checkpoint));
    }
    try (Stream<Path> files = Files.list(checkpoint)) {
      if (files.noneMatch(file -> isWeights(String.valueOf(file.getFileName())))) {
        problems.add(
            "HF_DIR is %s, which has no weights (model.safetensors or pytorch_model.bin)"
                .formatted(checkpoint));
      }
    }
  }

  private static boolean hasModelType(Path config) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(config));
      return json.path("model_type").isTextual();
    } catch (IOException e) {
      return false; // not there, or no JSON
    }
  }

  private static boolean isWeights(String file) {
    return file.endsWith(".safetensors")
        || (file.startsWith("pytorch_model") && file.endsWith(".bin"));
  }

  private void checkOutput(List<String> problems) throws IOException {
    checkEmpty("OUT_DIR is", output, problems);
    checkEmpty("the checkpoint to train from goes to", trainable(), problems);
  }

  private static void checkEmpty(String what, Path directory, List<String> problems)
      throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      problems.add("%s %s, which is a file".formatted(what, directory));
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        problems.add("%s %s, which is not empty".formatted(what, directory));
      }
    }
  }
}
