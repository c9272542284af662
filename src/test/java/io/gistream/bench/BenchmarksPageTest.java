package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page says what every field of the JSON is. */
class BenchmarksPageTest {
  @Test
  void everyFieldIsExplained() throws IOException {
    String page = Files.readString(Path.of("docs/benchmarks.md"));
    Stream.of(
            FlatBenchmark.COLUMNS,
            RescanBenchmark.COLUMNS,
            TorchBenchmark.COLUMNS,
            DecodeBenchmark.COLUMNS,
            PipelineBenchmark.COLUMNS,
            BatchBenchmark.COLUMNS,
            Int8Benchmark.COLUMNS,
            LimitBenchmark.COLUMNS,
            LiveBenchmark.COLUMNS,
            CatchUpBenchmark.COLUMNS,
            ChangelogBenchmark.COLUMNS,
            StartBenchmark.COLUMNS,
            RestoreBenchmark.COLUMNS,
            SoakBenchmark.COLUMNS)
        .flatMap(List::stream)
        .forEach(column -> assertThat(page).contains("`" + column.name() + "`"));
  }
}
