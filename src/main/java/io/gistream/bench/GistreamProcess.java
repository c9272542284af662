package io.gistream.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of further processes of this program, on the same JVM and class path. */
public final class GistreamProcess {
  private GistreamProcess() {}

  /** With the options of this process's JVM. */
  public static List<String> command(List<String> arguments) {
    return command(ManagementFactory.getRuntimeMXBean().getInputArguments(), arguments);
  }

  static List<String> command(List<String> jvmOptions, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.gistream.Gistream"));
    command.addAll(arguments);
    return command;
  }
}
