package io.gistream.cli;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.transcript.TranscriptFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays a transcript file onto the chunks topic. */
@Command(
    name = "produce",
    description = "Puts a transcript file on the chunks topic, chunk by chunk.")
final class ProduceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "Transcript: plain text, WebVTT, SRT, JSON lines or JSON; - is standard input.")
  private String file;

  @Option(
      names = "--stream-id",
      paramLabel = "ID",
      description = "Stream id (default: the name of the file without its ending).")
  private @Nullable String streamId;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "0",
      description = "Times the pace of the talk: 1 is live, 0 as fast as possible (default: 0).")
  private double speed;

  @Option(
      names = "--input-format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES}; recognised by content when not given.")
  private @Nullable TranscriptFormat inputFormat;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ProduceCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (!(speed >= 0)) {
      throw new ParameterException(
          spec.commandLine(), "--speed is " + speed + ", must be 0 or more");
    }
    Settings settings = settingsOptions.load();
    String id = streamId == null ? TranscriptFiles.streamId(file) : streamId;
    List<TranscriptChunk> talk = TranscriptFiles.read(file, inputFormat, id);
    Cluster.requireTopic(settings, GistreamOptions.TOPICS_CHUNKS);
    String topic = settings.get(GistreamOptions.TOPICS_CHUNKS);
    try (TranscriptPlayer player =
            new TranscriptPlayer(
                Cluster.clientConfig(settings), Formats.of(settings).chunks(), topic, speed);
        Progress progress = Progress.of("Producing", talk.size())) {
      player.play(talk, chunk -> progress.step());
    }
    spec.commandLine()
        .getOut()
        .printf("%d chunks of stream '%s' are on topic %s%n", talk.size(), id, topic);
    return GistreamCommand.OK;
  }
}
