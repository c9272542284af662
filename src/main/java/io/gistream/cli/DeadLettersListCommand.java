package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.CommittedRecords;
import io.gistream.stream.DeadLetter;
import io.gistream.stream.DeadLetter.Position;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists dead letters. */
@Command(name = "list", description = "Lists dead letters, the newest first.")
final class DeadLettersListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "Most letters listed (default: 20).")
  private int limit;

  @Option(
      names = "--from-offset",
      paramLabel = "OFFSET",
      description = "Those from this offset on, in the order of each partition.")
  private @Nullable Long fromOffset;

  @Option(names = "--stream", paramLabel = "ID", description = "Only those with this key.")
  private @Nullable String stream;

  @Mixin private FormatOption output = new FormatOption();

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DeadLettersListCommand() {}

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + ", must be 1 or more");
    }
    Settings settings = settingsOptions.load();
    Cluster.requireTopic(settings, GistreamOptions.TOPICS_DEAD_LETTERS);
    try (CommittedRecords records = Cluster.records(settings)) {
      DeadLetters letters =
          new DeadLetters(records, settings.get(GistreamOptions.TOPICS_DEAD_LETTERS));
      Predicate<DeadLetter> wanted = DeadLetters.ofStream(Optional.ofNullable(stream));
      List<DeadLetter> found =
          fromOffset == null
              ? letters.newest(limit, wanted)
              : letters.from(fromOffset, wanted).stream().limit(limit).toList();
      print(found, letters.requeued(found));
    }
    return GistreamCommand.OK;
  }

  private void print(List<DeadLetter> letters, Set<Position> requeued) {
    PrintWriter out = spec.commandLine().getOut();
    switch (output.format()) {
      case JSON ->
          out.println(
              DeadLetterView.json(
                  letters.stream()
                      .map(it -> DeadLetterView.fields(it, requeued.contains(it.position())))
                      .toList()));
      case TEXT -> {
        if (letters.isEmpty()) {
          out.println("No dead letters");
        } else {
          out.print(DeadLetterView.heading());
          letters.forEach(
              it -> out.print(DeadLetterView.line(it, requeued.contains(it.position()))));
        }
      }
    }
    out.flush();
  }
}
