package io.gistream.cli;

import io.gistream.config.Settings;
import io.gistream.stream.LiveStreams.State;
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
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (RunningService service = RunningService.start(settings, stop::countDown)) {
      err.println("Listening on " + service.address(settings));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    stop.countDown();
                    awaitQuietly(stopped);
                  },
                  "shutdown"));
      stop.await();
      boolean failed =
          service.streams().state() == State.ERROR
              || service.streams().state() == State.PENDING_ERROR;
      if (failed) {
        throw new CommandFailure("the streams stopped; the reason is in the log above");
      }
    } finally {
      stopped.countDown();
    }
    return GistreamCommand.OK;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
