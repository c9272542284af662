package io.gistream.cli;

import io.gistream.config.Settings;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.TopicReport;
import io.gistream.kafka.Topics;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates the topics, or tells how they differ from what is wanted. */
@Command(
    name = "topics",
    description = "Creates the three topics where they are missing; never changes one that exists.")
final class TopicsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--check", description = "Only look; fails when one is missing or differs.")
  private boolean check;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  TopicsCommand() {}

  @Override
  public Integer call() {
    Settings settings = settingsOptions.load();
    PrintWriter out = spec.commandLine().getOut();
    boolean good = true;
    try (Topics topics = Cluster.topics(settings)) {
      List<TopicReport> reports =
          check
              ? topics.check(TopicLayout.of(settings).topics())
              : topics.create(TopicLayout.of(settings).topics());
      for (TopicReport report : reports) {
        out.println(report);
        good &= report instanceof TopicReport.Created || report instanceof TopicReport.Exists;
      }
    }
    out.flush();
    return good || !check ? GistreamCommand.OK : GistreamCommand.FAILED;
  }
}
