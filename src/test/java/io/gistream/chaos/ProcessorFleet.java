package io.gistream.chaos;

import io.gistream.Gistream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Up to three processors, each {@code gistream run} with state of its own. One that ends by itself
 * is started again, as a supervisor would.
 */
final class ProcessorFleet {
  static final String GROUP = "chaos";
  static final String CHUNKS = "chunks";
  static final String SUMMARIES = "summaries";
  static final String DEAD_LETTERS = "dead-letters";

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);

  private final ChaosOptions options;
  private final String bootstrapServers;
  private final Path directory;
  private final Path logs;
  private final Story story;
  private final Member[] members = new Member[ChaosOptions.PROCESSORS];
  private int endedByThemselves;
  private int stoppedTooSlowly;

  /** A place for a processor. */
  private static final class Member {
    Child child;

    /** Whether it should be running now. */
    boolean wanted;

    /** When it may be started again after it ended by itself. */
    long notBefore;
  }

  ProcessorFleet(
      ChaosOptions options, String bootstrapServers, Path directory, Path logs, Story story) {
    this.options = options;
    this.bootstrapServers = bootstrapServers;
    this.directory = directory;
    this.logs = logs;
    this.story = story;
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member();
    }
  }

  /** What every processor is told beside the names of its topics and directories. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("topics.replication-factor", "3");
    settings.put("topics.partitions", Integer.toString(ChaosOptions.PARTITIONS));
    settings.put("ordering.grace", Traffic.GRACE.toSeconds() + "s");
    settings.put("segment.max-age", Traffic.SEGMENT_MAX_AGE.toSeconds() + "s");
    settings.put("session.idle-timeout", Traffic.IDLE_TIMEOUT.toSeconds() + "s");
    settings.put("session.retention", Traffic.RETENTION.toSeconds() + "s");
    settings.put("chunk.max-characters", Integer.toString(Traffic.MAX_CHARACTERS));
    settings.put("stream.standby-replicas", Integer.toString(options.standbyReplicas()));
    settings.put("batch.max-segments", "4");
    settings.put("memory.cache-size", "2MiB");
    options.model().ifPresent(path -> settings.put("model.path", path.toString()));
    // found out in seconds that a processor, or a broker, is gone
    settings.put("kafka.session.timeout.ms", "6000");
    settings.put("kafka.heartbeat.interval.ms", "1500");
    settings.put("kafka.max.poll.interval.ms", "60000");
    settings.put("kafka.request.timeout.ms", "8000");
    settings.put("kafka.default.api.timeout.ms", "60000");
    settings.put("kafka.producer.transaction.timeout.ms", "10000");
    settings.put("kafka.producer.delivery.timeout.ms", "60000");
    settings.put("kafka.commit.interval.ms", "400");
    settings.put("kafka.metadata.max.age.ms", "10000");
    settings.put("kafka.statestore.cache.max.bytes", Integer.toString(8 << 20));
    return settings;
  }

  synchronized void start(int member) throws IOException {
    if (members[member].child != null && members[member].child.isAlive()) {
      throw new IllegalStateException("processor " + member + " runs already");
    }
    members[member].wanted = true;
    members[member].child = launch(member);
  }

  void startAll() throws Exception {
    for (int i = 0; i < members.length; i++) {
      start(i);
    }
    for (int i = 0; i < members.length; i++) {
      awaitUp(i);
    }
  }

  void stopAll() throws IOException, InterruptedException {
    for (int i = 0; i < members.length; i++) {
      if (members[i].wanted) {
        stop(i);
      }
    }
  }

  synchronized void kill(int member) throws InterruptedException {
    members[member].wanted = false;
    members[member].child.kill();
  }

  /** SIGTERM; a processor that has not ended after that long is killed, and that is told. */
  void stop(int member) throws IOException, InterruptedException {
    Child child;
    synchronized (this) {
      members[member].wanted = false;
      child = members[member].child;
    }
    if (!child.terminate(STOP_PATIENCE)) {
      story.tell(
          "processor " + member + " did not stop within " + STOP_PATIENCE.toSeconds() + " s");
      stoppedTooSlowly++;
      child.kill();
    }
  }

  synchronized void freeze(int member) throws IOException, InterruptedException {
    members[member].child.freeze();
  }

  synchronized void thaw(int member) throws IOException, InterruptedException {
    members[member].child.thaw();
  }

  /** Waits until a member has come up. */
  void awaitUp(int member) throws Exception {
    Wait.until(
        "processor " + member + " is up",
        PATIENCE,
        () -> {
          synchronized (this) {
            return members[member].wanted
                && members[member].child.isAlive()
                && members[member].child.hasSaid("Listening on ");
          }
        });
  }

  void wipe(int member) throws IOException {
    Path state = state(member);
    if (!Files.exists(state)) {
      return;
    }
    try (Stream<Path> all = Files.walk(state)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Starts again what ended by itself. To be called every now and then. */
  synchronized void supervise() throws IOException {
    for (int i = 0; i < members.length; i++) {
      Member member = members[i];
      if (!member.wanted || member.child.isAlive()) {
        continue;
      }
      if (member.notBefore == 0) {
        member.notBefore = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        endedByThemselves++;
        story.tell("processor " + i + " ended by itself with exit code " + member.child.exitCode());
      } else if (System.nanoTime() - member.notBefore > 0) {
        member.notBefore = 0;
        member.child = launch(i);
      }
    }
  }

  int endedByThemselves() {
    return endedByThemselves;
  }

  int stoppedTooSlowly() {
    return stoppedTooSlowly;
  }

  /** How often a processor's log says this. */
  long countInLogs(String text) throws IOException {
    long count = 0;
    for (int i = 0; i < members.length; i++) {
      if (Files.exists(log(i))) {
        try (Stream<String> lines = Files.lines(log(i))) {
          count += lines.filter(line -> line.contains(text)).count();
        }
      }
    }
    return count;
  }

  private Path state(int member) {
    return directory.resolve("state-" + member);
  }

  private Path log(int member) {
    return logs.resolve("processor-" + member + ".log");
  }

  private Child launch(int member) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--bootstrap-servers",
                bootstrapServers,
                "--application-id",
                GROUP,
                "--input-topic",
                CHUNKS,
                "--output-topic",
                SUMMARIES,
                "--error-topic",
                DEAD_LETTERS,
                "--set",
                "http.port=0",
                "--set",
                "state.dir=" + state(member)));
    settings().forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
    return Child.start(log(member), 320, Gistream.class, arguments);
  }
}
