package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.WriterGoldens.Added;
import io.gistream.model.WriterGoldens.Said;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Java and Python write the same with the same package, segment after segment. */
class WriterGoldensTest {
  /** The packages that write: every family with every kind of memory. */
  static Stream<String> packages() {
    return Stream.of("t5", "bart")
        .flatMap(
            family ->
                Stream.of("", "-none", "-linear", "-abc-mlp", "-abc-random", "-abc-window", "-full")
                    .map(memory -> "tiny-" + family + memory));
  }

  static Stream<Arguments> runs() {
    return packages().flatMap(name -> Stream.of(1, 4).map(beams -> Arguments.of(name, beams)));
  }

  @ParameterizedTest
  @MethodSource("packages")
  void rowsAreThoseOfThePythonTokenizer(String name) {
    ModelPackage files = ModelPackage.read(new PackageSource.Classpath("models/" + name));
    String prefix = Objects.requireNonNull(files.manifest().generation()).inputPrefix();
    int longest = 0;
    try (SentenceTokenizer tokenizer = SentenceTokenizer.open(files)) {
      for (Said said : WriterGoldens.of(name).segments()) {
        assertThat(tokenizer.row(prefix + String.join(" ", said.sentences())))
            .containsExactly(said.tokens());
        longest = Math.max(longest, said.tokens().length);
      }
    }
    assertThat(longest).as("one is cut").isEqualTo(files.manifest().limits().rowTokens());
  }

  @ParameterizedTest
  @MethodSource("runs")
  void whatIsWrittenAndRememberedIsWhatPythonWritesAndRemembers(
      String name, int beams, @TempDir Path directory) throws IOException {
    WriterGoldens goldens = WriterGoldens.of(name);
    try (SummaryModel model = SummaryModel.bundled(name, SummaryModel.Options.DEFAULT)) {
      assertThat(model.sha256())
          .as("goldens are of another package: run `python -m srformer goldens`")
          .isEqualTo(goldens.modelSha256());
    }
    PackageCopy copy =
        PackageCopy.of(name, directory)
            .manifest(m -> ((ObjectNode) m.get("generation")).put("beams", beams));
    List<Added> expected = Objects.requireNonNull(goldens.runs().get(beams));
    try (SummaryModel model = SummaryModel.load(copy.directory())) {
      SegmentReader reader = model.reader();
      Memory memory = model.emptyMemory();
      long before = 0;
      for (int i = 0; i < expected.size(); i++) {
        List<String> sentences = goldens.segments().get(i).sentences();
        Read read = new Read(sentences, before, memory, true);
        Reading.Written written = (Reading.Written) reader.read(List.of(read)).get(0);
        assertWritten(written, expected.get(i), i);
        memory = written.memory();
        before += sentences.size();
        Map<String, float[]> tensors = goldens.memoryAfter().getOrDefault(i + 1, Map.of());
        if (!tensors.isEmpty()) {
          MemoryAssertions.assertMemory(model.manifest().state(), memory, tensors, i + 1);
        }
      }
      assertThat(expected).hasSizeGreaterThanOrEqualTo(20);
      assertThat(goldens.memoryAfter().isEmpty()).isEqualTo(model.manifest().state().isEmpty());
      int[] last = expected.get(expected.size() - 1).tokens();
      assertThat(memory.written()).endsWith(last);
    }
  }

  private static void assertWritten(Reading.Written written, Added expected, int segment) {
    assertThat(written.tokens().stream().mapToInt(Reading.Token::id).toArray())
        .as("tokens of segment %d", segment)
        .containsExactly(expected.tokens());
    assertThat(written.text()).isEqualTo(expected.text());
    double mean =
        written.tokens().stream().mapToDouble(Reading.Token::logProbability).average().orElse(0);
    assertThat(mean)
        .as("mean log-probability of segment %d", segment)
        .isCloseTo(expected.meanLogProbability(), within(1e-3));
    int end = 0;
    for (Reading.Token token : written.tokens()) {
      assertThat(token.end()).isBetween(end, written.text().length());
      end = token.end();
    }
    assertThat(end).isEqualTo(written.text().length());
  }
}
