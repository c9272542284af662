package io.gistream.cli;

import io.gistream.bench.Machine;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.model.EncodedSentence;
import io.gistream.model.ModelManifest;
import io.gistream.model.SummaryModel;
import io.gistream.score.Budget;
import io.gistream.score.Dataset;
import io.gistream.score.Predictions;
import io.gistream.score.ProgressListener;
import io.gistream.score.ScoreReport;
import io.gistream.score.Scorer;
import io.gistream.score.StreamedSummarizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Measures the quality of summaries against references, with baselines in the same run. */
@Command(
    name = "score",
    description = "Streams data sets through the model and scores the summaries (docs/score.md).")
final class ScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Data sets as JSON lines, .gz or not (docs/score.md has the format).")
  private List<Path> files = List.of();

  @Option(
      names = "--budget",
      paramLabel = "reference|N",
      defaultValue = "reference",
      converter = BudgetConverter.class,
      description = "Words of a summary: as many as the reference has, or N (default: reference).")
  private Budget budget = Budget.referenceLength();

  @Option(
      names = "--memory",
      paramLabel = "KIND",
      defaultValue = "package",
      description =
          "package: the memory the model was trained with; none: the same model, forgetting after"
              + " each segment; or the name of the package's own kind (default: package).")
  private String memory = "package";

  @Mixin private ModelOption modelOption = new ModelOption();

  @Option(
      names = "--predictions",
      paramLabel = "OUT.jsonl",
      description = "Writes each document's id and final summary as JSON lines.")
  private @Nullable Path predictions;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N documents of each file.")
  private @Nullable Integer limit;

  @Mixin private FormatOption output = new FormatOption();

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ScoreCommand() {}

  @Override
  public Integer call() throws IOException {
    Settings settings = modelOption.in(settingsOptions.load());
    try (SummaryModel model = Models.load(settings, 1);
        Dataset all = Dataset.of(files);
        Progress progress = Progress.of("Scoring", -1)) {
      boolean forget = forgets(model.manifest());
      StreamedSummarizer summarizer =
          new StreamedSummarizer(
              model,
              SummaryOptions.from(settings),
              () -> forget ? model.reader().forgetful() : model.reader());
      Dataset documents = limit == null ? all : all.firstOfEachFile(limit);
      ScoreReport report = score(model, documents, summarizer, progress);
      PrintWriter out = spec.commandLine().getOut();
      switch (output.format()) {
        case JSON ->
            out.println(
                report.toJson(describe(model, forget), Map.copyOf(Machine.describe().toMap())));
        case TEXT -> out.print(report.toText());
      }
      out.flush();
    }
    return GistreamCommand.OK;
  }

  private ScoreReport score(
      SummaryModel model, Dataset documents, StreamedSummarizer summarizer, Progress progress)
      throws IOException {
    try (Predictions written = predictions == null ? null : new Predictions(predictions)) {
      ProgressListener listener =
          (document, run, score) -> {
            progress.step();
            progress.say(document.id());
            if (written != null) {
              written.write(document, run.finalText());
            }
          };
      return new Scorer(summarizer::sentences)
          .score(
              documents,
              summarizer,
              sentences -> model.encode(sentences).stream().map(EncodedSentence::state).toList(),
              budget,
              listener);
    }
  }

  private boolean forgets(ModelManifest manifest) {
    if (memory.equalsIgnoreCase("none")) {
      return true;
    }
    if (memory.equalsIgnoreCase("package") || memory.equalsIgnoreCase(manifest.memory())) {
      return false;
    }
    throw new CommandFailure(
        "--memory is %s, but model %s has memory %s; give package, none or %s, or a package trained with %s (--model)"
            .formatted(memory, manifest.name(), manifest.memory(), manifest.memory(), memory));
  }

  private static Map<String, ?> describe(SummaryModel model, boolean forget) {
    ModelManifest manifest = model.manifest();
    return Map.of(
        "name",
        manifest.name(),
        "version",
        manifest.version(),
        "sha256",
        model.sha256(),
        "memory",
        forget ? "none" : manifest.memory());
  }

  private static final class BudgetConverter implements ITypeConverter<Budget> {
    @Override
    public Budget convert(String text) {
      if (text.equals("reference")) {
        return Budget.referenceLength();
      }
      try {
        return Budget.words(Integer.parseInt(text));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'" + text + "' is neither 'reference' nor a number of words from 1");
      }
    }
  }
}
