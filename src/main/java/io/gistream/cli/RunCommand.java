package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.GistreamOptions.OnModelChange;
import io.gistream.config.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the service against a Kafka cluster until it is told to stop. */
@Command(
    name = "run",
    description = "Runs the service against a Kafka cluster until it is interrupted.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  RunCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settingsOptions.load();
    PrintWriter err = spec.commandLine().getErr();
    err.print(settings.describe());
    err.flush();
    Models.requireProvider(settings);
    CountDownLatch stopped = new CountDownLatch(1);
    Stop stop = new Stop();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.forGood();
                  awaitQuietly(stopped);
                },
                "shutdown"));
    try {
      StateReset reset = StateReset.ofStateBefore(settings);
      boolean localStateIsFresh = false;
      while (run(settings, stop) == Ended.STATE_OF_ANOTHER_MODEL) {
        err.println("The state is that of another model; it is rebuilt (on-model-change=rebuild)");
        if (localStateIsFresh) {
          reset.run(stop::isForGood);
        } else {
          reset.deleteLocalState(); // others may have rebuilt the rest, and be running
          localStateIsFresh = true;
        }
        reset = StateReset.ofStateBefore(settings);
      }
    } finally {
      stopped.countDown();
    }
    return GistreamCommand.OK;
  }

  /** Why a run ended, if not by a failure. */
  private enum Ended {
    TOLD_TO,
    STATE_OF_ANOTHER_MODEL
  }

  private Ended run(Settings settings, Stop stop) throws InterruptedException {
    CountDownLatch now = stop.next();
    try (RunningService service = RunningService.start(settings, now::countDown)) {
      spec.commandLine().getErr().println("Listening on " + service.address(settings));
      now.await();
      if (stop.isForGood()) {
        return Ended.TOLD_TO;
      }
      if (service.streams().foundStateOfAnotherModel()
          && settings.get(GistreamOptions.ON_MODEL_CHANGE) == OnModelChange.REBUILD) {
        return Ended.STATE_OF_ANOTHER_MODEL;
      }
      if (service.streams().hasFailed()) {
        throw new CommandFailure("the streams stopped; the reason is in the log above");
      }
      return Ended.TOLD_TO;
    }
  }

  /** What a run waits for: its own end, or that of the process. */
  private static final class Stop {
    private CountDownLatch current = new CountDownLatch(1);
    private boolean forGood;

    synchronized CountDownLatch next() {
      current = new CountDownLatch(forGood ? 0 : 1);
      return current;
    }

    synchronized void forGood() {
      forGood = true;
      current.countDown();
    }

    synchronized boolean isForGood() {
      return forGood;
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
