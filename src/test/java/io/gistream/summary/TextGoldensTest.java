package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gistream.avro.Origin;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules that the models were trained with, on the examples that the Python toolkit wrote. */
class TextGoldensTest {
  private final JsonNode goldens = read();

  @Test
  void wordsAndContentWordsAreThoseOfTheTraining() {
    for (JsonNode example : goldens.get("cleaning")) {
      String shown = example.get("shown").asText();

      assertThat(Words.count(shown)).as(shown).isEqualTo(example.get("words").asInt());
      assertThat(ContentWords.of(shown))
          .as(shown)
          .containsExactlyInAnyOrderElementsOf(texts(example.get("contentTypes")));
    }
  }

  @Test
  void sentencesAreThoseOfTheTraining() {
    for (JsonNode example : goldens.get("sentences")) {
      List<Utterance> said = new ArrayList<>();
      for (JsonNode chunk : example.get("chunks")) {
        said.add(
            new Utterance(
                chunk.get("text").asText(),
                chunk.hasNonNull("speaker") ? chunk.get("speaker").asText() : null));
      }
      List<String> expected = new ArrayList<>();
      example.get("sentences").forEach(s -> expected.add(s.get("text").asText()));

      // marks without a word are dropped there and kept here, where nothing said may be lost
      assertThat(SentenceSplitter.split(said))
          .extracting(s -> s.text().replaceFirst("^[.!? ]+", ""))
          .isEqualTo(expected);
    }
  }

  @Test
  void whatStatesSomethingIsThatOfTheTuning() {
    for (JsonNode example : goldens.get("cleaning")) {
      String shown = example.get("shown").asText();

      assertThat(Statement.is(shown)).as(shown).isEqualTo(example.get("statement").asBoolean());
      assertThat(Statement.isBrokenOff(shown))
          .as(shown)
          .isEqualTo(example.get("brokenOff").asBoolean());
      assertThat(Statement.isUnresolved(shown))
          .as(shown)
          .isEqualTo(example.get("unresolved").asBoolean());
    }
  }

  @Test
  void whatIsShownIsNearlyThatOfTheTraining() {
    int same = 0;
    for (JsonNode example : goldens.get("cleaning")) {
      same +=
          DisplayText.of(example.get("said").asText()).equals(example.get("shown").asText())
              ? 1
              : 0;
    }

    // Java guesses fewer fragments, since a name must not be taken for one, and mends quotes
    assertThat(goldens.get("cleaning").size() - same).isLessThanOrEqualTo(6);
  }

  @Test
  void theSelectionIsThatOfTheTuning() {
    for (JsonNode example : goldens.get("selection")) {
      checkSelection(example);
    }
  }

  private void checkSelection(JsonNode example) {
    Map<String, Double> rule = new HashMap<>();
    example
        .get("config")
        .fields()
        .forEachRemaining(e -> rule.put(e.getKey(), e.getValue().asDouble()));
    Selection selection = new Selection(rule);
    int budget = example.get("budgetWords").asInt();
    Map<String, String> cleaned = new HashMap<>();
    List<SummarySentence> pool = new ArrayList<>();
    Set<Long> shown = new HashSet<>();
    long id = 0;
    long heard = 0;
    for (int step = 0; step < goldens.get("segments").size(); step++) {
      JsonNode segment = goldens.get("segments").get(step);
      JsonNode expected = example.get("steps").get(step);
      for (int i = 0; i < segment.size(); i++, id++) {
        String said = segment.get(i).asText();
        heard += Words.count(said);
        String text = cleaned.computeIfAbsent(said, DisplayText::of);
        if (selection.isCandidate(text)) {
          pool.add(
              new SummarySentence(
                  id,
                  text,
                  (float) expected.get("salience").get(i).asDouble(),
                  1f,
                  Origin.EXTRACTED,
                  new Source(List.of(0L), null, null, List.of())));
        }
      }
      pool = new ArrayList<>(selection.keep(pool, shown, budget));
      List<SummarySentence> chosen = selection.choose(pool, shown, budget, heard, false);

      assertThat(chosen)
          .extracting(SummarySentence::getText)
          .as("step %s of %s words", step, budget)
          .isEqualTo(texts(expected.get("shown")));
      shown = chosen.stream().map(SummarySentence::getId).collect(Collectors.toSet());
    }

    assertThat(selection.choose(pool, shown, budget, heard, true))
        .extracting(SummarySentence::getText)
        .isEqualTo(texts(example.get("final")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static JsonNode read() {
    try (InputStream in =
        Objects.requireNonNull(TextGoldensTest.class.getResourceAsStream("/goldens/text.json"))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
