package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.model.Precision;
import io.gistream.model.SummaryModel;

/** Loads the model that the settings name. */
final class Models {
  private Models() {}

  static SummaryModel load(Settings settings) {
    return load(settings, settings.get(GistreamOptions.MODEL_THREADS));
  }

  /** The package in a directory, or the bundled one. */
  static SummaryModel load(Settings settings, int threads) {
    Precision precision = Precision.valueOf(settings.get(GistreamOptions.MODEL_PRECISION).name());
    SummaryModel.Options options = new SummaryModel.Options(threads, precision);
    return settings
        .get(GistreamOptions.MODEL_PATH)
        .map(directory -> SummaryModel.load(directory, options))
        .orElseGet(() -> SummaryModel.bundled(SummaryModel.DEFAULT_MODEL, options));
  }
}
