package io.gistream.chaos;

import java.time.Duration;

/** Looks at everything twice a second: how far the processors are, and which one has ended. */
final class Watch implements AutoCloseable {
  private static final Duration MOST_PATIENCE = Duration.ofMinutes(15);

  private final Recovery recovery;
  private final ProcessorFleet processors;
  private final Feeder feeder;
  private final Story story;
  private final Thread thread = new Thread(this::run, "watch");
  private final Thread owner = Thread.currentThread();
  private volatile boolean stopping;
  private volatile String failure;

  Watch(Recovery recovery, ProcessorFleet processors, Feeder feeder, Story story) {
    this.recovery = recovery;
    this.processors = processors;
    this.feeder = feeder;
    this.story = story;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try {
        Thread.sleep(500);
        processors.supervise();
        if (feeder.failure() != null) {
          giveUp("the feeder failed: " + feeder.failure());
        }
        if (recovery.longestPending().compareTo(MOST_PATIENCE) > 0) {
          giveUp("a fault is felt for longer than " + MOST_PATIENCE.toMinutes() + " minutes");
        }
        recovery.look();
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        // a broker is down: looked at again in a moment
      }
    }
  }

  private void giveUp(String why) {
    story.tell("giving up: " + why + "; backlog " + recovery.backlog());
    failure = why;
    stopping = true;
    owner.interrupt();
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.interrupt();
    Thread.interrupted(); // it may have interrupted this one
    thread.join();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }
}
