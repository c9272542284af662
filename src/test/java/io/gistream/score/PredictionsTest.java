package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionsTest {

  @Test
  void eachSummaryIsOneLineOfJson(@TempDir Path folder) throws IOException {
    var file = folder.resolve("predictions.jsonl");

    try (var predictions = new Predictions(file)) {
      predictions.write(ScorerTest.document("a", "talks", "s", "t"), "Größe \"12\"\nand more.");
      predictions.write(ScorerTest.document("b", "talks", "s", "t"), "");
    }

    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {"id":"a","source_dataset":"talks","summary":"Größe \\"12\\"\\nand more."}
            {"id":"b","source_dataset":"talks","summary":""}
            """);
  }
}
