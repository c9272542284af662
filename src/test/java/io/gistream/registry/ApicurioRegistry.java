package io.gistream.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Apicurio Registry in a process of its own, as {@code -Pregistry} unpacked it. */
public final class ApicurioRegistry implements AutoCloseable {
  private static final Path SERVER = Path.of("target", "apicurio");
  private static final int JAVA_NEEDED = 21;
  private static final long START_NANOS = 240_000_000_000L;

  private final Process process;
  private final int port;

  private ApicurioRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  public static ApicurioRegistry start() throws IOException, InterruptedException {
    assertThat(SERVER).as("unpacked by -Pregistry").isDirectory();
    int port = freePort();
    Process process =
        new ProcessBuilder(
                java().toString(),
                "-Xmx512m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-jar",
                "quarkus-run.jar")
            .directory(SERVER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(new File("target", "apicurio.log"))
            .start();
    ApicurioRegistry registry = new ApicurioRegistry(process, port);
    long until = System.nanoTime() + START_NANOS;
    while (!registry.answers()) {
      assertThat(process.isAlive()).as("see target/apicurio.log").isTrue();
      assertThat(System.nanoTime() - until).as("see target/apicurio.log").isNegative();
      Thread.sleep(500);
    }
    return registry;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A Java that is new enough: the one named, or one of those that are installed. */
  private static Path java() throws IOException {
    String named = System.getProperty("registry.java.home", "");
    try (Stream<Path> installed =
        named.isEmpty() ? Files.list(Path.of("/usr/lib/jvm")) : Stream.of(Path.of(named))) {
      return installed
          .filter(home -> version(home) >= JAVA_NEEDED)
          .map(home -> home.resolve("bin").resolve("java"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no Java 21; set registry.java.home"));
    }
  }

  private static int version(Path home) {
    try (Stream<String> release = Files.lines(home.resolve("release"))) {
      return release
          .filter(line -> line.startsWith("JAVA_VERSION=\""))
          .map(line -> line.replaceAll("^[^\"]*\"(\\d+).*", "$1"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      return get("/subjects").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Its interface for Confluent's clients. */
  public String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url() + path)).build(), BodyHandlers.ofString());
  }

  /** It keeps its connections and answers nothing. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder(List.of("kill", "-" + name, Long.toString(process.pid()))).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
