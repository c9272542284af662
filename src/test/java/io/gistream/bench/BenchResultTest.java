package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchResultTest {
  private static final Machine MACHINE =
      new Machine("Some CPU", 2, 1L << 31, "17.0.1 (Vendor)", "Linux 6.1 amd64");

  private static final List<Column> COLUMNS =
      List.of(new Column("chunksPerSecond", "chunks/s", 0), new Column("p99Millis", "p99 ms", 2));

  private final BenchResult result =
      new BenchResult(
          "engine",
          "Streams through the engine",
          MACHINE,
          setup(),
          COLUMNS,
          List.of(Row.of("1 stream", 812.4, 1.256), Row.of("32 streams", 1500, Double.NaN)));

  @Test
  void theJsonHasANumberForEachColumn() {
    assertThat(result.toJson())
        .isEqualToNormalizingNewlines(
            """
            {
              "benchmark" : "engine",
              "title" : "Streams through the engine",
              "machine" : {
                "cpu" : "Some CPU",
                "cores" : 2,
                "memoryBytes" : 2147483648,
                "jdk" : "17.0.1 (Vendor)",
                "os" : "Linux 6.1 amd64"
              },
              "setup" : {
                "threads" : "1",
                "chunks" : "1000"
              },
              "results" : [ {
                "case" : "1 stream",
                "chunksPerSecond" : 812.4,
                "p99Millis" : 1.256
              }, {
                "case" : "32 streams",
                "chunksPerSecond" : 1500.0,
                "p99Millis" : null
              } ]
            }
            """);
  }

  @Test
  void theTextIsATableAndHowItCameAbout() {
    assertThat(result.toText())
        .isEqualTo(
            """
            Streams through the engine

            case        chunks/s  p99 ms
            1 stream         812    1.26
            32 streams      1500       -

            threads: 1
            chunks: 1000
            machine: Some CPU, 2 cores, 2.0 GiB, JDK 17.0.1 (Vendor), Linux 6.1 amd64
            """);
  }

  @Test
  void theSectionOfTheDocumentHasAHeading() {
    assertThat(result.toMarkdown())
        .startsWith("## Streams through the engine\n\n| case")
        .contains(
            "| 32 streams |     1500 |      - |\n\n* threads: 1\n* chunks: 1000\n* machine: ");
  }

  @Test
  void aRowThatDoesNotFitTheColumnsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BenchResult(
                    "engine", "t", MACHINE, Map.of(), COLUMNS, List.of(Row.of("one", 1))))
        .withMessage("Case 'one' of benchmark engine has 1 values for 2 columns");
  }

  private static Map<String, String> setup() {
    var setup = new LinkedHashMap<String, String>();
    setup.put("threads", "1");
    setup.put("chunks", "1000");
    return setup;
  }
}
