package io.gistream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How long a process takes from its start to the first summary: one that only tells its version,
 * one that summarises a sentence without Kafka, and the service, which finds a chunk waiting. Each
 * is a new JVM; the service belongs to a group that is new to the broker, so that its internal
 * topics are made as well.
 */
public final class StartBenchmark {
  private static final String LISTENING = "Listening on ";
  static final List<Column> COLUMNS =
      List.of(
          new Column("seconds", "s from the start", 2),
          new Column("overBare", "over bare process", 1));

  private final List<String> modelArguments;
  private final Talk talk;
  private final String model;
  private final int repeats;
  private final IntConsumer progress;

  /**
   * @param model its name and version
   * @param modelSettings those that name it, as {@code --set} takes them
   * @param texts what is said
   * @param repeats processes of each kind
   * @param progress hears of each percent done
   */
  public StartBenchmark(
      String model,
      List<String> modelSettings,
      List<String> texts,
      int repeats,
      IntConsumer progress) {
    this.model = model;
    this.modelArguments =
        modelSettings.stream().flatMap(setting -> Stream.of("--set", setting)).toList();
    this.talk = new Talk(texts);
    this.repeats = repeats;
    this.progress = progress;
  }

  /** Seconds from the start of a service until it listens, is ready, and has given a summary. */
  private record Times(double listening, double ready, double summary) {}

  public BenchResult run() throws InterruptedException {
    List<Double> bare = new ArrayList<>();
    List<Double> local = new ArrayList<>();
    List<Times> service = new ArrayList<>();
    try (BenchCluster cluster = BenchCluster.start(1)) {
      finished(List.of("--version"), ""); // what is read from the disk is in its cache afterwards
      for (int i = 0; i < repeats; i++) {
        bare.add(finished(List.of("--version"), ""));
        local.add(finished(summarize(), talk.freshChunk("start", i, 0, true).getText() + "\n"));
        service.add(service(cluster, i));
        progress.accept(100 * (i + 1) / repeats);
      }
    }
    double baseline = Statistics.median(bare.stream().mapToDouble(Double::doubleValue).toArray());
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("model", model);
    setup.put(
        "service",
        "gistream run on one partition, a group of its own each time: internal topics are made too; a chunk is there before");
    setup.put("ready", "GET /health/readiness says 200, asked every 10 ms");
    setup.put("without Kafka", "gistream summarize, until the process has ended");
    setup.put("broker", "in a process of its own, running, on the same cores");
    setup.put("repeats", repeats + ", medians shown");
    return new BenchResult(
        "start",
        "From the start of the process to the first summary",
        Machine.describe(),
        setup,
        COLUMNS,
        List.of(
            Row.of("bare process: --version", baseline, 1),
            row("a sentence summarised without Kafka", local, time -> time, baseline),
            row("service: HTTP listens", service, Times::listening, baseline),
            row("service: ready, streams RUNNING", service, Times::ready, baseline),
            row("service: first summary committed", service, Times::summary, baseline)));
  }

  private static <T> Row row(
      String label, List<T> times, ToDoubleFunction<T> seconds, double baseline) {
    double median = Statistics.median(times.stream().mapToDouble(seconds).toArray());
    return Row.of(label, median, Statistics.ratio(median, baseline));
  }

  private List<String> summarize() {
    List<String> arguments = new ArrayList<>(List.of("summarize", "-"));
    arguments.addAll(modelArguments);
    return arguments;
  }

  /** Seconds until a process that is given this to read has ended. */
  private static double finished(List<String> arguments, String input) throws InterruptedException {
    long began = System.nanoTime();
    try {
      Process process = start(arguments).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(UTF_8));
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            "gistream %s ended with exit status %d".formatted(arguments.get(0), status));
      }
      return seconds(began);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Times service(BenchCluster cluster, int number) throws InterruptedException {
    // the present: the broker deletes what is older than the retention of the topic
    cluster.send(
        talk.freshChunk("start-" + number, number, 0, false), System.currentTimeMillis(), 0);
    cluster.flush();
    while (!cluster.committed().isEmpty()) {} // what came after the first of those before
    List<String> arguments = new ArrayList<>(List.of("run", "--set", "http.port=0"));
    arguments.addAll(cluster.arguments("start-" + number));
    arguments.addAll(modelArguments);
    long began = System.nanoTime();
    Process process = null;
    try {
      process = start(arguments).redirectErrorStream(true).start();
      BufferedReader said =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      URI address = address(said);
      double listening = seconds(began);
      drain(said);
      while (!ready(address)) {
        Thread.sleep(10);
      }
      double ready = seconds(began);
      cluster.await(1);
      return new Times(listening, ready, seconds(began));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (process != null) {
        process.destroy();
        process.waitFor();
      }
    }
  }

  private static ProcessBuilder start(List<String> arguments) {
    return new ProcessBuilder(GistreamProcess.command(arguments))
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static URI address(BufferedReader said) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(LISTENING)) {
        return URI.create(line.substring(LISTENING.length()).strip());
      }
      all.append(line).append('\n');
    }
    throw new IllegalStateException("the service ended before it listened:\n" + all);
  }

  /** Reads what else is said, so that a full pipe does not stop who says it. */
  private static void drain(BufferedReader said) {
    Thread reader =
        new Thread(
            () -> {
              try {
                while (said.readLine() != null) {}
              } catch (IOException e) {
                // the process has ended
              }
            },
            "drain");
    reader.setDaemon(true);
    reader.start();
  }

  private static boolean ready(URI address) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) address.resolve("/health/readiness").toURL().openConnection();
      try {
        connection.setConnectTimeout(1000);
        connection.setReadTimeout(5000);
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
