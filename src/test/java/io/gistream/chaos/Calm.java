package io.gistream.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** Waits until all that was fed is processed, and nothing more comes of it. */
final class Calm {
  /** Timers write final summaries, one partition after another, long after the last chunk. */
  private static final Duration QUIET = Duration.ofSeconds(15);

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final CommittedReader reader;
  private final Admin admin;
  private final Recovery recovery;

  Calm(CommittedReader reader, Admin admin, Recovery recovery) {
    this.reader = reader;
    this.admin = admin;
    this.recovery = recovery;
  }

  void await() throws Exception {
    Wait.until("all that was fed is processed", PATIENCE, recovery::done);
    List<String> written = new ArrayList<>(Checks.changelogs(admin));
    written.add(ProcessorFleet.SUMMARIES);
    written.add(ProcessorFleet.DEAD_LETTERS);
    long[] before = {-1};
    Wait.until(
        "nothing more is written",
        PATIENCE,
        () -> {
          long now = 0;
          for (String topic : written) {
            now += reader.stableEnd(topic);
          }
          boolean quiet = now == before[0];
          before[0] = now;
          if (!quiet) {
            Thread.sleep(QUIET.toMillis());
          }
          return quiet;
        });
  }
}
