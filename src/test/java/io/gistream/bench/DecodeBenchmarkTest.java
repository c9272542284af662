package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SummaryModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodeBenchmarkTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path TINY = Path.of("src/test/resources/models/tiny-bart");
  private static final int NEW_TOKENS = 3;
  private static final List<String> TEXTS =
      List.of("We need more people on the phone budget. Okay.", "So when will that be? Next week.");

  @TempDir private Path directory;

  @BeforeEach
  void copyThePackage() throws IOException {
    Path into = Files.createDirectories(directory.resolve("bart-base"));
    try (var files = Files.list(TINY)) {
      for (Path file : files.toList()) {
        Files.copy(file, into.resolve(file.getFileName().toString()));
      }
    }
  }

  @Test
  void settingsChangeHowAPackageWritesAndNothingElse() throws IOException {
    new WritingSettings(2, NEW_TOKENS).into(directory.resolve("bart-base"));
    ObjectNode before = (ObjectNode) JSON.readTree(TINY.resolve("model.json").toFile());
    ObjectNode after =
        (ObjectNode) JSON.readTree(directory.resolve("bart-base/model.json").toFile());
    ObjectNode expected = (ObjectNode) before.get("generation");
    expected.put("beams", 2).put("newTokens", NEW_TOKENS).put("minTokens", NEW_TOKENS);
    expected.put("prefixTokens", 0);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void bothAreAskedForTheSameAndComparedCaseByCase() throws Exception {
    List<JsonNode> asked = new ArrayList<>();
    BenchResult result =
        new DecodeBenchmark(
                directory,
                List.of("bart-base"),
                TEXTS,
                2,
                NEW_TOKENS,
                1,
                requests -> answer(requests, asked),
                percent -> {})
            .run();
    JsonNode cases = asked.get(0).get("cases");
    assertThat(cases.findValuesAsText("beams")).containsExactly("1", "1", "4", "4");
    assertThat(cases.get(1).get("segments")).hasSize(16);
    assertThat(cases.get(1).get("segments").get(0)).isEqualTo(cases.get(0).get("segments").get(0));
    assertThat(cases.get(1).get("segments").get(1))
        .isNotEqualTo(cases.get(1).get("segments").get(0));
    for (int i = 0; i < cases.size(); i++) {
      List<Double> values = result.rows().get(i).values();
      int streams = cases.get(i).get("segments").size();
      assertThat(values.get(1)).as("tokens a second there").isEqualTo(streams * NEW_TOKENS / 2.0);
      assertThat(values.get(2)).isEqualTo(values.get(0) / values.get(1));
      assertThat(values.get(3)).as("the first segment was spoilt").isEqualTo(1 - 1.0 / streams);
      Row rounded = result.rows().get(i + cases.size());
      assertThat(rounded.label()).isEqualTo("int8: " + result.rows().get(i).label());
      assertThat(rounded.values().get(1)).isEqualTo(values.get(1));
      assertThat(rounded.values().get(2)).isEqualTo(rounded.values().get(0) / values.get(1));
    }
    assertThat(result.rows()).hasSize(2 * cases.size());
  }

  /** What the model here writes, in two seconds, the first token of the first segment changed. */
  private String answer(String requests, List<JsonNode> asked) {
    ObjectNode answer = JSON.createObjectNode().put("torch", "none").put("transformers", "none");
    ArrayNode found = answer.putArray("cases");
    try {
      JsonNode all = JSON.readTree(requests);
      asked.add(all);
      for (JsonNode one : all.get("cases")) {
        Path model = directory.resolve("bart-base");
        new WritingSettings(one.get("beams").asInt(), all.get("newTokens").asInt()).into(model);
        ObjectNode made = found.addObject().put("split", false);
        made.putArray("seconds").add(2.0);
        made.set("tokens", written(model, one.get("segments")));
        ((ArrayNode) made.get("tokens").get(0)).set(0, 999);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return answer.toString();
  }

  private static ArrayNode written(Path directory, JsonNode segments) {
    ArrayNode tokens = JSON.createArrayNode();
    try (SummaryModel model = SummaryModel.load(directory)) {
      for (JsonNode segment : segments) {
        List<String> sentences = new ArrayList<>();
        segment.forEach(sentence -> sentences.add(sentence.asText()));
        assertThat(model.fits(sentences)).isTrue();
        Read read = new Read(sentences, 0, model.emptyMemory(), false);
        Reading.Written written = (Reading.Written) model.reader().read(List.of(read)).get(0);
        ArrayNode ids = tokens.addArray();
        written.tokens().forEach(token -> ids.add(token.id()));
      }
    }
    return tokens;
  }

  @Test
  void segmentsThatAreMissingAreNotTheSame() {
    List<List<Integer>> ours = List.of(List.of(1, 2), List.of(3));
    assertThat(DecodeBenchmark.same(ours, List.of(List.of(1, 2), List.of(3)))).isEqualTo(1);
    assertThat(DecodeBenchmark.same(ours, List.of(List.of(1, 2)))).isEqualTo(0.5);
    assertThat(DecodeBenchmark.rate(ours, List.of(1.0, 3.0))).isEqualTo(1.5);
  }
}
