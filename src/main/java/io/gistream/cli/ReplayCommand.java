package io.gistream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.model.SummaryModel;
import io.gistream.replay.TopicDiff;
import io.gistream.replay.Verification;
import io.gistream.replay.VerificationReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Goes over the chunks topic once more: to check the summaries, or to see what others say. */
@Command(
    name = "replay",
    description =
        "Summarises what is on the chunks topic once more: into another topic, to verify the"
            + " summaries there are, or to compare two topics of them (docs/replay.md).")
final class ReplayCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;

  @Option(
      names = "--to",
      paramLabel = "TOPIC",
      description =
          "Runs the service over all that the chunks topic holds, with this topic for the"
              + " summaries and an application id of its own, and ends.")
  private @Nullable String to;

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      converter = ReplayStart.Converter.class,
      description =
          "With --to: beginning, offset:N or time:2026-11-22T10:00:00Z (default: beginning).")
  private @Nullable ReplayStart from;

  @Option(
      names = "--keep-state",
      description = "With --to: leaves the changelogs, the group and the local state behind.")
  private boolean keepState;

  @Option(
      names = "--verify",
      description =
          "Computes every summary in one thread without Kafka Streams, and compares it with what"
              + " is there, byte for byte. Fails at a difference.")
  private boolean verify;

  @Option(
      names = "--summaries",
      paramLabel = "TOPIC",
      description =
          "With --verify or --diff: the topic that is verified or compared (default: that of --to,"
              + " else topics.summaries).")
  private @Nullable String summaries;

  @Option(
      names = "--diff",
      paramLabel = "TOPIC",
      description = "Compares the latest summaries with those of this topic, stream by stream.")
  private @Nullable String diff;

  @Mixin private ModelOption modelOption = new ModelOption();

  @Mixin private FormatOption output = new FormatOption();

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ReplayCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    checkUsage();
    Settings settings = settings();
    if (to != null || verify) {
      Models.requireProvider(settings);
    }
    Map<String, Object> results = new LinkedHashMap<>();
    boolean good;
    try (CommittedRecords records = Cluster.records(settings)) {
      good =
          to == null ? compare(settings, records, results) : replay(settings, to, records, results);
    }
    print(results);
    return good ? GistreamCommand.OK : GistreamCommand.FAILED;
  }

  private void checkUsage() {
    if (to == null && !verify && diff == null) {
      throw usage("nothing to do; give --to TOPIC, --verify, --diff TOPIC, or several of them");
    }
    if (to == null && from != null) {
      throw usage("--from goes with --to; --verify and --diff read all there is");
    }
    if (to == null && keepState) {
      throw usage("--keep-state goes with --to");
    }
    if (to != null && summaries != null) {
      throw usage("--summaries does not go with --to, which names the topic itself");
    }
    if (summaries != null && !verify && diff == null) {
      throw usage("--summaries goes with --verify or --diff");
    }
    if (verify && from != null && !(from instanceof ReplayStart.Beginning)) {
      throw usage("--verify goes from the beginning; leave --from out");
    }
    String compared = to == null ? summaries : to;
    if (diff != null && diff.equals(compared)) {
      throw usage("--diff compares two topics; both are " + diff);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Of the service, with the model that is asked for. */
  private Settings settings() {
    return modelOption.in(
        to == null ? settingsOptions.load() : settingsOptions.loadWithoutApplicationId());
  }

  private boolean replay(
      Settings live, String topic, CommittedRecords records, Map<String, Object> results)
      throws InterruptedException {
    try (SummaryModel model = Models.load(live);
        ConsumerGroups groups = Cluster.groups(live)) {
      Settings settings =
          ReplayRun.settings(live, model, topic, settingsOptions.applicationId().orElse(null));
      try (ReplayRun replay = new ReplayRun(settings, model, groups, records)) {
        results.put("replay", replay.run(from));
        boolean good = true;
        if (verify) {
          // before its offsets are gone: they say what came too late to be part of it
          good = verify(settings, topic, model, groups, records, results);
        }
        if (diff != null) {
          diff(diff, topic, records, settings, results);
        }
        if (!keepState) {
          replay.erase();
        }
        return good;
      }
    }
  }

  /** Whether all that was compared is as it must be. */
  private boolean compare(
      Settings settings, CommittedRecords records, Map<String, Object> results) {
    String topic = summaries == null ? settings.get(GistreamOptions.TOPICS_SUMMARIES) : summaries;
    boolean good = true;
    if (verify) {
      try (SummaryModel model = Models.load(settings);
          ConsumerGroups groups = Cluster.groups(settings)) {
        good = verify(settings, topic, model, groups, records, results);
      }
    }
    if (diff != null) {
      diff(topic, diff, records, settings, results);
    }
    return good;
  }

  private static boolean verify(
      Settings settings,
      String topic,
      SummaryModel model,
      ConsumerGroups groups,
      CommittedRecords records,
      Map<String, Object> results) {
    String chunks = settings.get(GistreamOptions.TOPICS_CHUNKS);
    require(records, chunks);
    require(records, topic);
    Verification.Scope scope =
        new Verification.Scope(chunks, topic, settings.get(GistreamOptions.APPLICATION_ID));
    try (VerifyingProgress progress = new VerifyingProgress()) {
      VerificationReport report =
          new Verification(
                  records,
                  groups,
                  scope,
                  model,
                  SummaryOptions.from(settings),
                  Formats.of(settings.with(GistreamOptions.TOPICS_SUMMARIES, topic, "--summaries"))
                      .topics())
              .run(progress::begin);
      results.put("verification", report);
      return report.equal();
    }
  }

  private static void diff(
      String left,
      String right,
      CommittedRecords records,
      Settings settings,
      Map<String, Object> results) {
    require(records, left);
    require(records, right);
    results.put("diff", TopicDiff.between(records, Formats.of(settings).summaries(), left, right));
  }

  /** A bar that begins once it is known how much there is. */
  private static final class VerifyingProgress implements AutoCloseable {
    private @Nullable Progress bar;

    java.util.function.LongConsumer begin(long total) {
      Progress begun = Progress.of("Verifying", total);
      bar = begun;
      return begun::stepTo;
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }

  private static void require(CommittedRecords records, String topic) {
    if (records.partitions(topic).isEmpty()) {
      throw new CommandFailure("topic %s does not exist".formatted(topic));
    }
  }

  private void print(Map<String, Object> results) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.format() == OutputFormat.JSON) {
      out.println(json(results));
    } else {
      ReplayText text = new ReplayText(out);
      for (Object result : results.values()) {
        if (result instanceof ReplayRun.Result replayed) {
          text.print(replayed);
        } else if (result instanceof VerificationReport verified) {
          text.print(verified);
        } else if (result instanceof TopicDiff compared) {
          text.print(compared);
        }
      }
    }
    out.flush();
  }

  private static String json(Map<String, Object> results) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of plain values can always be written", e);
    }
  }
}
