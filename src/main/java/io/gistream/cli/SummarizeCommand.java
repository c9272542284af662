package io.gistream.cli;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.redaction.Redactor;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Outcome;
import io.gistream.session.Said;
import io.gistream.transcript.TalkClock;
import io.gistream.transcript.TranscriptFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Summarises a transcript without Kafka, by the same code that runs behind it. */
@Command(
    name = "summarize",
    description = "Summarises a transcript file as if its chunks came one by one; needs no Kafka.")
final class SummarizeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "Transcript: plain text, WebVTT, SRT, JSON lines or JSON; - is standard input.")
  private String file;

  @Option(
      names = "--budget",
      paramLabel = "N",
      description = "Most words of the summary (summary.budget-words).")
  private @Nullable Integer budget;

  @Mixin private ModelOption modelOption = new ModelOption();

  @Option(
      names = "--input-format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES}; recognised by content when not given.")
  private @Nullable TranscriptFormat inputFormat;

  @Mixin private FormatOption output = new FormatOption();

  @Option(
      names = "--revisions",
      description = "Every revision of the summary, not only the last: one JSON object per line.")
  private boolean revisions;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SummarizeCommand() {}

  @Override
  public Integer call() {
    Settings settings = modelOption.in(Budgets.apply(settingsOptions.load(), budget));
    SummaryOptions options = SummaryOptions.from(settings);
    Optional<Redactor> redactor = Formats.redactor(settings);
    List<TranscriptChunk> chunks =
        TranscriptFiles.read(file, inputFormat).stream()
            .map(chunk -> redactor.map(masking -> masking.apply(chunk)).orElse(chunk))
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    try (SummaryModel model = Models.load(settings, Runtime.getRuntime().availableProcessors())) {
      RollingSummary summary = summarize(chunks, model, options, out);
      if (!revisions) {
        switch (output.format()) {
          case JSON -> out.println(SummaryJson.pretty(summary));
          case TEXT -> SummaryText.lines(summary).forEach(out::println);
        }
      }
    }
    out.flush();
    return GistreamCommand.OK;
  }

  private RollingSummary summarize(
      List<TranscriptChunk> chunks, SummaryModel model, SummaryOptions options, PrintWriter out) {
    LocalSummarizer summarizer = new LocalSummarizer(chunks.get(0).getStreamId(), model, options);
    TalkClock clock = new TalkClock();
    @Nullable RollingSummary latest = null;
    try (Progress progress = Progress.of("Summarising", chunks.size())) {
      for (TranscriptChunk chunk : chunks) {
        for (Outcome outcome : summarizer.accept(new Said.Plain(chunk, clock.next(chunk)))) {
          if (outcome instanceof Outcome.Revised revised) {
            latest = revised.summary();
            if (revisions) {
              out.println(SummaryJson.line(latest));
            }
          }
        }
        progress.step();
      }
    }
    if (latest == null) {
      throw new IllegalStateException("the end marker gives a summary");
    }
    return latest;
  }
}
