package io.gistream.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** An embedded broker in a process of its own, which can be killed. */
public final class BrokerProcess implements AutoCloseable {
  private static final String READY = "READY ";

  private final Process process;
  private final int port;

  private BrokerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a broker and waits until it takes requests; port 0 is any that is free. */
  public static BrokerProcess start(Path directory, int port)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                directory.toString(),
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    if (line == null || !line.startsWith(READY)) {
      process.destroyForcibly().waitFor();
      throw new IOException("the broker's process said " + line);
    }
    return new BrokerProcess(process, Integer.parseInt(line.substring(READY.length())));
  }

  public String bootstrapServers() {
    return ListenerSockets.HOST + ":" + port;
  }

  public int port() {
    return port;
  }

  /** As a power cut would: nothing is flushed, nobody is told. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends the broker in good order. */
  @Override
  public void close() throws IOException, InterruptedException {
    if (process.isAlive()) {
      process.getOutputStream().close();
    }
    process.waitFor();
  }

  /**
   * The process itself: stops when its standard input ends, so that it never outlives the one that
   * started it.
   */
  public static void main(String[] args) throws IOException {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]))) {
      System.out.println(READY + broker.port());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
