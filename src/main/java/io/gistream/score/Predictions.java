package io.gistream.score;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the summaries of a run as JSON lines, {@code {"id", "source_dataset", "summary"}}, for
 * other tools to score.
 */
public final class Predictions implements Closeable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final BufferedWriter out;

  /** Begins a file, replacing one that is there. */
  public Predictions(Path file) throws IOException {
    out = Files.newBufferedWriter(file);
  }

  /**
   * Writes one line; throws {@link UncheckedIOException} so as to fit a {@link ProgressListener}.
   */
  public void write(Document document, String summary) {
    var line = JSON.createObjectNode();
    line.put("id", document.id());
    line.put("source_dataset", document.sourceDataset());
    line.put("summary", summary);
    try {
      out.write(line.toString());
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
