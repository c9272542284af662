package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The whole product on one machine: a broker in this process, a real meeting, and its summary as it
 * grows.
 */
@Command(
    name = "demo",
    description =
        "Plays a real meeting through a Kafka broker in this process and shows its summary grow.")
final class DemoCommand implements Callable<Integer> {
  private static final String STREAM = "glamsterdam-repricings-8";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Spec private CommandSpec spec;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "60",
      description = "Times the pace of the meeting; 0 is as fast as possible (default: 60).")
  private double speed;

  @Option(
      names = "--transcript",
      paramLabel = "FILE",
      description = "Plays this transcript instead of the meeting that comes with Gistream.")
  private @Nullable String transcript;

  @Option(
      names = "--budget",
      paramLabel = "N",
      description = "Most words of the summary (summary.budget-words).")
  private @Nullable Integer budget;

  @Mixin private ModelOption modelOption = new ModelOption();

  @Option(
      names = "--keep-running",
      description = "Stays up with broker and HTTP server after the meeting, until interrupted.")
  private boolean keepRunning;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DemoCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(speed >= 0)) {
      throw new ParameterException(
          spec.commandLine(), "--speed is " + speed + ", must be 0 or more");
    }
    List<TranscriptChunk> talk =
        transcript == null
            ? TranscriptFiles.resource("/demo/meeting.jsonl", STREAM)
            : TranscriptFiles.read(transcript, null);
    Settings given = modelOption.in(Budgets.apply(settingsOptions.load(), budget));
    Models.requireProvider(given);
    LiveView view = new LiveView(spec.commandLine().getOut(), System.console() != null);
    Path directory = Files.createTempDirectory("gistream-demo");
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(stop, stopped)));
    view.say("Starting a Kafka broker in this process …");
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Settings settings = settings(given, broker, directory);
      try (Topics topics = Cluster.topics(settings)) {
        topics.create(TopicLayout.of(settings).topics());
      }
      try (RunningService service = RunningService.start(settings, stop::countDown)) {
        view.say(
            "Broker on %s, summaries on topic %s, HTTP on %s"
                .formatted(
                    broker.bootstrapServers(),
                    settings.get(GistreamOptions.TOPICS_SUMMARIES),
                    service.address(settings)));
        if (!service.streams().awaitRunning(PATIENCE)) {
          throw new CommandFailure("the streams did not start; the reason is in the log above");
        }
        view.last(play(talk, settings, view, stop));
        if (keepRunning) {
          view.say("");
          view.say(
              "Still running; try: curl "
                  + service.address(settings)
                  + "/v1/streams/"
                  + URLEncoder.encode(talk.get(0).getStreamId(), UTF_8).replace("+", "%20")
                  + "/summary");
          stop.await();
        }
      }
    } finally {
      Directories.delete(directory);
      stopped.countDown();
    }
    return GistreamCommand.OK;
  }

  private Settings settings(Settings given, EmbeddedBroker broker, Path directory) {
    Settings settings =
        given
            .with(GistreamOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers(), "demo")
            .with(GistreamOptions.STATE_DIR, directory.toString(), "demo")
            .with(GistreamOptions.TOPICS_REPLICATION_FACTOR, "1", "demo");
    if (!settings.isGiven(GistreamOptions.HTTP_PORT)
        && !isFree(settings.get(GistreamOptions.HTTP_PORT))) {
      settings = settings.with(GistreamOptions.HTTP_PORT, "0", "demo");
    }
    return settings;
  }

  private RollingSummary play(
      List<TranscriptChunk> talk, Settings settings, LiveView view, CountDownLatch stop)
      throws InterruptedException {
    view.say(
        "Playing "
            + talk.size()
            + " chunks "
            + (speed == 0
                ? "as fast as possible"
                : "at " + number(speed) + " times the pace of the talk"));
    view.say("");
    Formats formats = Formats.of(settings);
    ExecutorService playing = Executors.newSingleThreadExecutor();
    try (TranscriptPlayer player =
            new TranscriptPlayer(
                Cluster.clientConfig(settings),
                formats.chunks(),
                settings.get(GistreamOptions.TOPICS_CHUNKS),
                speed);
        SummaryListener summaries =
            new SummaryListener(
                Cluster.clientConfig(settings),
                formats.summaries(),
                settings.get(GistreamOptions.TOPICS_SUMMARIES))) {
      Future<?> played =
          playing.submit(
              () -> {
                player.play(talk, view::said);
                return null;
              });
      Optional<RollingSummary> last = Optional.empty();
      long giveUpAt = Long.MAX_VALUE;
      while (last.isEmpty()) {
        if (played.isDone() && giveUpAt == Long.MAX_VALUE) {
          played.get(); // fails if playing failed
          giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        }
        if (stop.getCount() == 0) {
          throw new CommandFailure("stopped before the end of the talk");
        }
        if (giveUpAt != Long.MAX_VALUE && System.nanoTime() - giveUpAt > 0) {
          throw new CommandFailure("no final summary came; the reason is in the log above");
        }
        last = summaries.listen(talk.get(0).getStreamId(), Duration.ofSeconds(1), view::revised);
      }
      played.get();
      return last.get();
    } catch (ExecutionException e) {
      throw new CommandFailure("the meeting could not be played: " + e.getCause(), e);
    } finally {
      playing.shutdownNow();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static String number(double speed) {
    return speed == Math.rint(speed) ? Long.toString((long) speed) : Double.toString(speed);
  }

  private static void stopAndWait(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
