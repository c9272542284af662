package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.stream.InternalTopics;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes all that an application keeps, in Kafka and here, so that it begins again with the chunks
 * topic. What kafka-streams-application-reset does, for our topics.
 */
final class StateReset {
  private static final Logger LOG = LoggerFactory.getLogger(StateReset.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration SAY_EVERY = Duration.ofSeconds(30);

  private StateReset() {}

  /**
   * Waits until no instance of the application runs, which is when the last one with the old model
   * has stopped, and resets it.
   *
   * @param givenUp whether to stop waiting
   */
  static void reset(Settings settings, BooleanSupplier givenUp) throws InterruptedException {
    String application = settings.get(GistreamOptions.APPLICATION_ID);
    try (ConsumerGroups groups = Cluster.groups(settings)) {
      long said = System.nanoTime() - SAY_EVERY.toNanos();
      for (int members = groups.members(application);
          members > 0;
          members = groups.members(application)) {
        if (givenUp.getAsBoolean()) {
          return;
        }
        if (System.nanoTime() - said >= SAY_EVERY.toNanos()) {
          said = System.nanoTime();
          LOG.warn(
              "Waiting for {} members of application {} to stop before its state is deleted",
              members,
              application);
        }
        Thread.sleep(LOOK_EVERY.toMillis());
      }
      groups.erase(application, InternalTopics.of(application));
    }
    Directories.delete(settings.get(GistreamOptions.STATE_DIR).resolve(application));
    LOG.info("The state of application {} is deleted; it begins anew", application);
  }
}
