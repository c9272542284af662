package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.feed.ChunkProducer;
import io.gistream.kafka.CommittedRecords;
import io.gistream.session.ChunkRules;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has streams forgotten. */
@Command(
    name = "erase",
    description = {
      "Has streams forgotten: their state, chunks that were not read yet, and their summaries.",
      "Chunks and dead letters that are on their topics stay there for the topics' retention."
    })
final class EraseCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STREAM_ID", arity = "1..*", description = "Streams to erase.")
  private List<String> streamIds = List.of();

  @Option(
      names = "--wait",
      description =
          "Waits until the summaries are off their topic too, which needs 'gistream run'; gives up"
              + " after 60 seconds.")
  private boolean wait;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  EraseCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    for (String id : streamIds) {
      Optional<String> notAnId = ChunkRules.notAnId(id);
      if (notAnId.isPresent()) {
        throw new ParameterException(
            spec.commandLine(), "'%s' is no stream: %s".formatted(id, notAnId.get()));
      }
    }
    Settings settings = settingsOptions.load();
    Cluster.requireTopic(settings, GistreamOptions.TOPICS_CHUNKS);
    if (!wait) {
      erase(settings);
      return GistreamCommand.OK;
    }
    Cluster.requireTopic(settings, GistreamOptions.TOPICS_SUMMARIES);
    try (CommittedRecords records = Cluster.records(settings)) {
      Tombstones tombstones =
          new Tombstones(records, settings.get(GistreamOptions.TOPICS_SUMMARIES));
      erase(settings);
      Set<String> missing = tombstones.await(new LinkedHashSet<>(streamIds), PATIENCE);
      if (!missing.isEmpty()) {
        throw new CommandFailure(
            "asked for, but not done within %d seconds for %s; is 'gistream run' up?"
                .formatted(PATIENCE.toSeconds(), new TreeSet<>(missing)));
      }
    }
    out().println("Their summaries are gone.");
    out().flush();
    return GistreamCommand.OK;
  }

  private void erase(Settings settings) {
    try (ChunkProducer chunks = Cluster.chunkProducer(settings, Formats.of(settings))) {
      for (String id : streamIds) {
        chunks.erase(id);
        out().printf("Stream '%s' is to be erased%n", id);
      }
    }
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
