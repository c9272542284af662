package io.gistream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --python} and {@code --toolkit}, for the commands that run the Python toolkit. */
final class ToolkitOptions {
  /** Names the interpreter when {@code --python} does not. */
  static final String PYTHON_VARIABLE = "GISTREAM_PYTHON";

  @Option(
      names = "--python",
      paramLabel = "EXE",
      description =
          "Python to use; also "
              + PYTHON_VARIABLE
              + ". python3 or python of the PATH when not given.")
  private @Nullable String python;

  @Option(
      names = "--toolkit",
      paramLabel = "DIR",
      description =
          "Sources of the toolkit (src/main/python); also "
              + Toolkit.VARIABLE
              + ". Those of this"
              + " release when not given.")
  private @Nullable Path directory;

  /** Finds an interpreter that can run the toolkit; throws as {@link Python#find}. */
  Python interpreter(Toolkit toolkit) {
    String variable = System.getenv(PYTHON_VARIABLE);
    boolean named = variable != null && !variable.isBlank();
    return Python.find(python == null && named ? variable : python, toolkit);
  }

  /**
   * The toolkit that was named, or that of this release.
   *
   * @throws CommandFailure when there is none where the user says
   */
  Toolkit open() throws IOException {
    List<String> problems = new ArrayList<>();
    Optional<Toolkit> given = given(problems);
    if (!problems.isEmpty()) {
      throw new CommandFailure(problems.get(0));
    }
    return given.isPresent() ? given.get() : Toolkit.own();
  }

  /** The toolkit that the user names, if any; a problem when there is none there. */
  Optional<Toolkit> given(List<String> problems) {
    String variable = System.getenv(Toolkit.VARIABLE);
    String origin = "--toolkit";
    Path named = directory;
    if (named == null && variable != null && !variable.isBlank()) {
      origin = Toolkit.VARIABLE;
      named = Path.of(variable);
    }
    if (named == null) {
      return Optional.empty();
    }
    Optional<Toolkit> found = Toolkit.in(named);
    if (found.isEmpty()) {
      problems.add("%s is %s, which has no srformer in it".formatted(origin, named));
    }
    return found;
  }
}
