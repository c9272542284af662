package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.stream.InternalTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Uuid;
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

  private final Settings settings;
  private final String application;
  private final Map<String, Uuid> changelogs;

  private StateReset(Settings settings, String application, Map<String, Uuid> changelogs) {
    this.settings = settings;
    this.application = application;
    this.changelogs = changelogs;
  }

  /** Of the state that there is before an instance starts. */
  static StateReset ofStateBefore(Settings settings) {
    String application = settings.get(GistreamOptions.APPLICATION_ID);
    try (ConsumerGroups groups = Cluster.groups(settings)) {
      return new StateReset(settings, application, groups.topicIds(InternalTopics.of(application)));
    }
  }

  /** Deletes what this machine has of the state; it comes again from the changelogs. */
  void deleteLocalState() {
    Directories.delete(settings.get(GistreamOptions.STATE_DIR).resolve(application));
  }

  /**
   * Waits until no instance of the application runs, which is when the last one with the old model
   * has stopped, and deletes everything. Of several instances that want to, one is the first; for
   * the others the changelogs are no longer those that were there before they started, and they
   * begin anew beside it.
   *
   * @param givenUp whether to stop waiting
   */
  void run(BooleanSupplier givenUp) throws InterruptedException {
    List<String> topics = InternalTopics.of(application);
    try (ConsumerGroups groups = Cluster.groups(settings)) {
      long said = System.nanoTime() - SAY_EVERY.toNanos();
      while (groups.topicIds(topics).equals(changelogs)) {
        int members = groups.members(application);
        if (members == 0 && groups.erase(application, changelogs.values())) {
          LOG.info("The state of application {} is deleted; it begins anew", application);
          break;
        }
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
    }
    deleteLocalState();
  }
}
