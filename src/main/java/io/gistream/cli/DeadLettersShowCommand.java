package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.CommittedRecords;
import io.gistream.stream.ChunkDecoder;
import io.gistream.stream.DeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows all of one dead letter. */
@Command(
    name = "show",
    description = "Shows all of one dead letter: what was wrong, and the record as it came.")
final class DeadLettersShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PARTITION", description = "Of the dead letters topic.")
  private int partition;

  @Parameters(index = "1", paramLabel = "OFFSET", description = "In this partition.")
  private long offset;

  @Option(
      names = "--value",
      paramLabel = "FILE",
      description = "Writes the bytes of the value to this file.")
  private @Nullable Path valueFile;

  @Mixin private FormatOption output = new FormatOption();

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DeadLettersShowCommand() {}

  @Override
  public Integer call() throws IOException {
    Settings settings = settingsOptions.load();
    Cluster.requireTopic(settings, GistreamOptions.TOPICS_DEAD_LETTERS);
    String topic = settings.get(GistreamOptions.TOPICS_DEAD_LETTERS);
    try (CommittedRecords records = Cluster.records(settings)) {
      DeadLetters letters = new DeadLetters(records, topic);
      DeadLetter letter =
          letters
              .at(partition, offset)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "there is no dead letter at offset %d of partition %d of topic %s"
                              .formatted(offset, partition, topic)));
      writeValue(letter);
      boolean requeued = !letters.requeued(List.of(letter)).isEmpty();
      ChunkDecoder decoder = Formats.of(settings).topics().chunks();
      PrintWriter out = spec.commandLine().getOut();
      switch (output.format()) {
        case JSON ->
            out.println(DeadLetterView.json(DeadLetterView.allFields(letter, requeued, decoder)));
        case TEXT -> out.print(DeadLetterView.all(letter, requeued, decoder));
      }
      out.flush();
    }
    return GistreamCommand.OK;
  }

  private void writeValue(DeadLetter letter) throws IOException {
    if (valueFile != null) {
      byte[] value = letter.value();
      if (value == null) {
        throw new CommandFailure(
            "there is no value to write: "
                + letter.omitted().map(it -> "it was too large, " + it).orElse("it had none"));
      }
      Files.write(valueFile, value);
    }
  }
}
