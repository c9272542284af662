package io.gistream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Exactly once, under fire: processors and brokers are killed, frozen and restarted while two
 * hundred talks go by; afterwards everything that was committed is compared with what one thread
 * works out from the chunks topic. Run by {@code ./mvnw verify -Pchaos}; {@link ChaosOptions} says
 * what can be chosen.
 */
class ChaosProof {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Streams that are erased when all is read, to see what is left of them. */
  private static final int ERASED = 20;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void whatIsCommittedIsWhatOneThreadLeftAloneWouldHaveWritten() throws Exception {
    ChaosOptions options = ChaosOptions.fromSystemProperties();
    delete(options.directory());
    Path logs = Files.createDirectories(options.directory().resolve("logs"));
    Path data = Files.createDirectories(options.directory().resolve("data"));
    try (Story story = new Story(logs.resolve("story.log"))) {
      story.tell("seed %d: %s".formatted(options.seed(), options));
      BrokerFleet brokers = new BrokerFleet(data, logs);
      brokers.start();
      ProcessorFleet processors =
          new ProcessorFleet(options, brokers.bootstrapServers(), data, logs, story);
      Map<String, Object> client =
          Map.of(
              "bootstrap.servers", brokers.bootstrapServers(),
              "request.timeout.ms", 8_000,
              "default.api.timeout.ms", 20_000);
      try (Admin admin = Admin.create(client)) {
        createTopics(admin);
        brokers.awaitWhole(admin);
        ChaosResult result = run(options, brokers, processors, admin, story);
        result.write(options.directory());
        story.tell(System.lineSeparator() + result.table());
        assertThat(result.differences()).as("with seed %d", options.seed()).isEmpty();
      } catch (Throwable e) {
        story.tell("failed with seed " + options.seed() + ": " + e);
        throw e;
      }
      brokers.stop();
      delete(data);
    }
  }

  private static ChaosResult run(
      ChaosOptions options,
      BrokerFleet brokers,
      ProcessorFleet processors,
      Admin admin,
      Story story)
      throws Exception {
    long began = System.nanoTime();
    List<Fault> plan = FaultPlan.of(options.seed(), options.faults(), options.duration());
    Traffic traffic = new Traffic(options.seed(), options.streams());
    Recovery[] recovery = new Recovery[1];
    try (Feeder feeder =
            new Feeder(
                brokers.bootstrapServers(),
                traffic,
                options.recordsPerSecond(),
                () -> recovery[0].backlog());
        CommittedReader reader = new CommittedReader(brokers.bootstrapServers())) {
      recovery[0] = new Recovery(admin, feeder);
      Checks checks =
          new Checks(options, brokers.bootstrapServers(), reader, admin, feeder, processors);
      processors.startAll();
      try (Watch watch = new Watch(recovery[0], processors, feeder, story)) {
        feeder.start();
        Wait.until(
            "the processors are under way",
            PATIENCE,
            () -> recovery[0].backlog() < feeder.count() - 200);
        story.tell("the storm begins");
        new Storm(brokers, processors, feeder, recovery[0], admin, story).rage(plan);
        feeder.stop();
        story.tell("the storm is over; fed " + feeder.sent());
        Calm calm = new Calm(reader, admin, recovery[0]);
        calm.await();
        // talks that go on fall silent, some are erased, then even what is kept is forgotten
        feeder.close(Traffic.IDLE_TIMEOUT);
        calm.await();
        Set<String> erased = feeder.erase(ERASED);
        calm.await();
        checks.erased(erased);
        feeder.close(Traffic.RETENTION);
        calm.await();
      }
      processors.stopAll();
      story.tell("checking");
      checks.everything();
      return ChaosResult.of(
          options,
          plan,
          feeder,
          processors,
          recovery[0],
          checks,
          Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** Nothing is ever deleted or compacted: what was committed once is there to be found. */
  private static void createTopics(Admin admin) throws Exception {
    Map<String, String> forEver = new HashMap<>();
    forEver.put("cleanup.policy", "delete");
    forEver.put("retention.ms", "-1");
    forEver.put("max.message.bytes", "2097152");
    admin
        .createTopics(
            Stream.of(ProcessorFleet.CHUNKS, ProcessorFleet.SUMMARIES, ProcessorFleet.DEAD_LETTERS)
                .map(
                    name ->
                        new NewTopic(
                                name, Optional.of(ChaosOptions.PARTITIONS), Optional.of((short) 3))
                            .configs(forEver))
                .toList())
        .all()
        .get();
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
