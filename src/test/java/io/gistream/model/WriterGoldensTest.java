package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.GoldensReport.Comparison;
import io.gistream.model.GoldensReport.Difference;
import io.gistream.model.WritingGoldens.Added;
import io.gistream.model.WritingGoldens.Run;
import io.gistream.model.WritingGoldens.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Java and Python write the same with the same package, segment after segment. */
class WriterGoldensTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The packages that write: every family with every kind of memory. */
  static Stream<String> packages() {
    return Stream.of("t5", "bart")
        .flatMap(
            family ->
                Stream.of("", "-none", "-linear", "-abc-mlp", "-abc-random", "-abc-window", "-full")
                    .map(memory -> "tiny-" + family + memory));
  }

  @ParameterizedTest
  @MethodSource("packages")
  void whatIsReadWrittenAndRememberedIsWhatPythonReadsWritesAndRemembers(String name) {
    PackageVerification verification = PackageVerification.bundled(name, GoldensTest.file(name));

    GoldensReport report = Objects.requireNonNull(verification.goldens());
    assertThat(report.firstDifference()).isNull();
    WritingGoldens goldens = GoldensTest.writingGoldens(name);
    assertThat(report.segments()).isEqualTo(goldens.segments().size()).isGreaterThanOrEqualTo(20);
    assertThat(goldens.runs().stream().map(Run::beams)).containsExactly(1, 4);
    Map<String, Long> values = new HashMap<>();
    values.put("tokens", goldens.segments().stream().mapToLong(said -> said.tokens().length).sum());
    for (Run run : goldens.runs()) {
      String prefix = run.beams() == 1 ? "1 beam, " : "4 beams, ";
      long written = run.segments().stream().mapToLong(added -> added.tokens().length).sum();
      assertThat(written).isPositive();
      values.put(prefix + "written", written);
      values.put(prefix + "text", (long) goldens.segments().size());
      values.put(prefix + "meanLogProbability", (long) goldens.segments().size());
    }
    ModelManifest manifest = ModelPackage.read(PackageSource.bundled(name)).manifest();
    for (ModelManifest.StateTensor tensor : manifest.state()) {
      long lengths =
          goldens.memory().after().values().stream()
              .mapToLong(tensors -> tensors.get(tensor.name()).length)
              .sum();
      assertThat(lengths).isPositive();
      values.put("memory." + tensor.name(), 2 * lengths); // in both runs
    }
    assertThat(
            report.comparisons().stream()
                .collect(Collectors.toMap(Comparison::field, Comparison::values)))
        .isEqualTo(values);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void oneRowOfTheGoldensIsCut(String name) {
    int longest = 0;
    for (Said said : GoldensTest.writingGoldens(name).segments()) {
      longest = Math.max(longest, said.tokens().length);
    }
    assertThat(longest)
        .isEqualTo(ModelPackage.read(PackageSource.bundled(name)).manifest().limits().rowTokens());
  }

  @ParameterizedTest
  @MethodSource("packages")
  void tokensEndWhereTheirTextEnds(String name) {
    WritingGoldens goldens = GoldensTest.writingGoldens(name);
    try (SummaryModel model = SummaryModel.bundled(name, SummaryModel.Options.DEFAULT)) {
      SegmentReader reader = model.reader();
      Memory memory = model.emptyMemory();
      long before = 0;
      for (Said said : goldens.segments()) {
        Read read = new Read(said.sentences(), before, memory, true);
        Reading.Written written = (Reading.Written) reader.read(List.of(read)).get(0);
        int end = 0;
        for (Reading.Token token : written.tokens()) {
          assertThat(token.end()).isBetween(end, written.text().length());
          end = token.end();
        }
        assertThat(end).isEqualTo(written.text().length());
        int[] ids = written.tokens().stream().mapToInt(Reading.Token::id).toArray();
        memory = written.memory();
        assertThat(memory.written()).endsWith(ids);
        before += said.sentences().size();
      }
    }
  }

  private static ObjectNode added(ObjectNode goldens, int run, int segment) {
    return (ObjectNode) goldens.get("runs").get(run).get("segments").get(segment - 1);
  }

  static Stream<Arguments> alterations() {
    return Stream.of(
        Arguments.of(
            "4 beams, written",
            6,
            (Consumer<ObjectNode>)
                g -> {
                  ArrayNode written = (ArrayNode) added(g, 1, 6).get("written");
                  written.set(0, written.get(0).intValue() + 1);
                }),
        Arguments.of(
            "1 beam, written",
            3,
            (Consumer<ObjectNode>) g -> ((ArrayNode) added(g, 0, 3).get("written")).add(5)),
        Arguments.of(
            "1 beam, text", 9, (Consumer<ObjectNode>) g -> added(g, 0, 9).put("text", "else")),
        Arguments.of(
            "4 beams, meanLogProbability",
            20,
            (Consumer<ObjectNode>)
                g ->
                    added(g, 1, 20)
                        .put(
                            "meanLogProbability",
                            added(g, 1, 20).get("meanLogProbability").doubleValue() - 0.002)),
        Arguments.of(
            "tokens",
            2,
            (Consumer<ObjectNode>)
                g -> ((ArrayNode) g.get("segments").get(1).get("tokens")).set(1, 9)),
        Arguments.of(
            "memory.membrane",
            2,
            (Consumer<ObjectNode>)
                g -> {
                  ObjectNode after = (ObjectNode) g.get("memoryAfterSegments");
                  after.set("2", after.get("1"));
                }));
  }

  @ParameterizedTest(name = "{0} of segment {1}")
  @MethodSource("alterations")
  void anAlteredValueIsNamed(
      String field, int segment, Consumer<ObjectNode> change, @TempDir Path directory)
      throws IOException {
    Path altered = altered(directory, change);
    GoldensReport report =
        Objects.requireNonNull(PackageVerification.bundled("tiny-bart", altered).goldens());
    assertThat(report.agrees()).isFalse();
    Difference first = Objects.requireNonNull(report.firstDifference());
    assertThat(first.field()).isEqualTo(field);
    assertThat(first.segment()).isEqualTo(segment);
    assertThat(first.sentence()).isNull();
    assertThat(first.expected()).isNotEqualTo(first.found());
  }

  @Test
  void aRunThatLacksASegmentIsRefused(@TempDir Path directory) throws IOException {
    Path altered =
        altered(directory, g -> ((ArrayNode) g.get("runs").get(1).get("segments")).remove(22));
    assertThat(
            catchThrowableOfType(
                ModelPackageException.class,
                () -> PackageVerification.bundled("tiny-bart", altered)))
        .hasMessageContaining("runs[1].segments: expected what each of 23 segments adds");
  }

  private static Path altered(Path directory, Consumer<ObjectNode> change) throws IOException {
    ObjectNode goldens =
        (ObjectNode) JSON.readTree(Files.readAllBytes(GoldensTest.file("tiny-bart")));
    change.accept(goldens);
    Path altered = directory.resolve("altered.json");
    Files.write(altered, JSON.writeValueAsBytes(goldens));
    return altered;
  }

  @Test
  void theGoldensWriteSomethingNewInMostSegments() {
    for (Run run : GoldensTest.writingGoldens("tiny-bart").runs()) {
      assertThat(run.segments().stream().map(Added::text).distinct().count()).isGreaterThan(10);
    }
  }
}
