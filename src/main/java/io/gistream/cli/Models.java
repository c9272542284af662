package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
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

  /** Copies the files of the bundled package into a directory of that name, which it returns. */
  static Path copyBundled(SummaryModel model, Path into) throws IOException {
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
