package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.model.Precision;
import io.gistream.model.Provider;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the model that the settings name. */
final class Models {
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);

  private Models() {}

  /**
   * Throws {@link io.gistream.model.ProviderException} when what is to compute the model cannot be
   * used here; for commands that start something else before they load it.
   */
  static void requireProvider(Settings settings) {
    provider(settings).require();
  }

  private static Provider provider(Settings settings) {
    return Provider.valueOf(settings.get(GistreamOptions.MODEL_PROVIDER).name());
  }

  static SummaryModel load(Settings settings) {
    return load(settings, settings.get(GistreamOptions.MODEL_THREADS));
  }

  /** The package in a directory, or the bundled one. */
  static SummaryModel load(Settings settings, int threads) {
    Precision precision = Precision.valueOf(settings.get(GistreamOptions.MODEL_PRECISION).name());
    SummaryModel.Options options = new SummaryModel.Options(threads, precision, provider(settings));
    SummaryModel model =
        settings
            .get(GistreamOptions.MODEL_PATH)
            .map(directory -> SummaryModel.load(directory, options))
            .orElseGet(() -> SummaryModel.bundled(SummaryModel.DEFAULT_MODEL, options));
    if (options.provider() != Provider.CPU) {
      LOG.warn(
          "model.provider=cuda: summaries may differ in what is about as good from run to run, and"
              + " replay --verify will say so; equal bytes are promised for model.provider=cpu only."
              + " Gistream has not been tried on a GPU yet");
    }
    return model;
  }

  /**
   * Where the files of the model are that the settings name.
   *
   * @param into directory into which those of the bundled one are copied
   */
  static Path files(Settings settings, SummaryModel model, Path into) throws IOException {
    Optional<Path> given = settings.get(GistreamOptions.MODEL_PATH);
    return given.isPresent() ? given.get().toAbsolutePath() : copyBundled(model, into);
  }

  private static Path copyBundled(SummaryModel model, Path into) throws IOException {
    String name = SummaryModel.DEFAULT_MODEL;
    Path directory = Files.createDirectories(into.resolve(name));
    Set<String> files = new TreeSet<>(model.manifest().files().keySet());
    files.add("model.json");
    for (String file : files) {
      try (InputStream in =
          SummaryModel.class.getResourceAsStream("/models/" + name + "/" + file)) {
        if (in == null) {
          throw new NoSuchFileException("/models/" + name + "/" + file);
        }
        Files.copy(in, directory.resolve(file));
      }
    }
    return directory;
  }
}
