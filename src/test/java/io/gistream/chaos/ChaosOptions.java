package io.gistream.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run is made of, from system properties {@code chaos.*}.
 *
 * @param seed decides the talks, the faults and their order; {@code chaos.seed}
 * @param faults how many; {@code chaos.faults}
 * @param duration over which they are spread; {@code chaos.minutes}
 * @param streams talks at the same time; {@code chaos.streams}
 * @param recordsPerSecond how fast they are fed, as long as the processors keep up; {@code
 *     chaos.rate}
 * @param model directory of the model package, empty for the bundled one; {@code chaos.model}
 * @param directory where logs, data and the result go
 */
record ChaosOptions(
    long seed,
    int faults,
    Duration duration,
    int streams,
    double recordsPerSecond,
    Optional<Path> model,
    Path directory) {
  static final int PARTITIONS = 24;
  static final int BROKERS = 3;
  static final int PROCESSORS = 3;

  /** Copies of the state in other processors: every other seed has one. */
  int standbyReplicas() {
    return (int) (seed & 1);
  }

  static ChaosOptions fromSystemProperties() {
    double minutes = Double.parseDouble(System.getProperty("chaos.minutes", "20"));
    String model = System.getProperty("chaos.model", "bundled");
    String seed = System.getProperty("chaos.seed", "");
    return new ChaosOptions(
        seed.isEmpty() ? System.nanoTime() & 0xffff_ffffL : Long.parseLong(seed),
        Integer.getInteger("chaos.faults", 60),
        Duration.ofMillis(Math.round(minutes * 60_000)),
        Integer.getInteger("chaos.streams", 200),
        Double.parseDouble(System.getProperty("chaos.rate", "25")),
        model.equals("bundled")
            ? Optional.empty()
            : Optional.of(
                model.equals("tiny")
                    ? Path.of("src/test/resources/models/tiny").toAbsolutePath()
                    : Path.of(model).toAbsolutePath()),
        Path.of("target", "chaos").toAbsolutePath());
  }
}
