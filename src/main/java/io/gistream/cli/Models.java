package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.model.SummaryModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Loads the model a command asks for. */
final class Models {
  private Models() {}

  /** The package in a directory, or the bundled one. */
  static SummaryModel load(@Nullable Path directory, int threads) {
    SummaryModel.Options options = new SummaryModel.Options(threads);
    return directory == null
        ? SummaryModel.bundled(SummaryModel.DEFAULT_MODEL, options)
        : SummaryModel.load(directory, options);
  }

  static SummaryModel load(Settings settings) {
    return load(
        settings.get(GistreamOptions.MODEL_PATH).orElse(null),
        settings.get(GistreamOptions.MODEL_THREADS));
  }
}
