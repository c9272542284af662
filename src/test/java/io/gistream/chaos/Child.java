package io.gistream.chaos;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that can be killed, frozen and thawed, and never outlives this one. */
final class Child {
  private static final Set<Child> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Child::endNow)));
  }

  private final Process process;
  private final Path log;
  private final long logFrom;

  private Child(Process process, Path log, long logFrom) {
    this.process = process;
    this.log = log;
    this.logFrom = logFrom;
  }

  /**
   * Starts a JVM with the class path of this one.
   *
   * @param log what it prints is appended here
   */
  static Child start(Path log, int heapMegabytes, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heapMegabytes + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Dlogback.configurationFile=chaos-logback.xml",
            "-DOPT_OUT_TRACKING=true",
            "-Dai.djl.offline=true",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.gistream.avro",
            "-cp",
            System.getProperty("java.class.path"),
            Tether.class.getName(),
            main.getName()));
    command.addAll(arguments);
    File file = log.toFile();
    long logFrom = file.length();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file));
    builder.environment().put("OMP_NUM_THREADS", "1");
    Child child = new Child(builder.start(), log, logFrom);
    ALIVE.add(child);
    return child;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** Whether it has printed this since it was started. */
  boolean hasSaid(String text) throws IOException {
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(logFrom);
      return new String(in.readAllBytes()).contains(text);
    }
  }

  /** SIGKILL: nothing is flushed, nobody is told. */
  void kill() throws InterruptedException {
    endNow();
    process.waitFor();
    ALIVE.remove(this);
  }

  /** SIGTERM; true when it ended within the time given. */
  boolean terminate(Duration within) throws IOException, InterruptedException {
    // Process.destroy would close its standard input, too, and that ends it at once
    signal("TERM");
    boolean ended = process.waitFor(within.toSeconds(), TimeUnit.SECONDS);
    if (ended) {
      ALIVE.remove(this);
    }
    return ended;
  }

  /** SIGSTOP: it stands still, and does not know. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT: it goes on where it was. */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    if (process.isAlive()) {
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    }
  }

  private void endNow() {
    process.destroyForcibly(); // ends a frozen one too
  }
}
