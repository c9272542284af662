package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentenceFeaturesTest {
  private static float[] features(String text, long before) {
    FloatBuffer features = FloatBuffer.allocate(SentenceFeatures.COUNT);
    SentenceFeatures.append(features, text, before);
    return features.array();
  }

  @Test
  void theFeaturesComeInTheOrderOfTheContract() {
    assertThat(features("Do we ship version 2 on Friday?", 10))
        .containsExactly((float) (Math.log(8) / 4), 1, (float) (Math.log(11) / 8), 1);
    assertThat(features("Yes.", 0)).containsExactly((float) (Math.log(2) / 4), 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "'',0",
    "'. , - _',0",
    "don't,1",
    "rock ’n’ roll,3",
    "'',0",
    "a ' b,2",
    "well-known x_y,4",
    "Übergröße été,2",
    "3.5,2",
    "x² Ⅳ ½,3",
    "𝒳 river,2",
    "'''tis',1",
  })
  void wordsAreRunsOfLettersDigitsAndApostrophes(String text, int words) {
    assertThat(SentenceFeatures.words(text)).isEqualTo(words);
  }

  @Test
  void wordsAreThoseThatPythonCounts() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/goldens/text.json")) {
      JsonNode examples = new ObjectMapper().readTree(Objects.requireNonNull(in)).get("cleaning");
      assertThat(examples).hasSizeGreaterThan(10);
      for (JsonNode example : examples) {
        String shown = example.get("shown").textValue();
        assertThat(SentenceFeatures.words(shown))
            .as(shown)
            .isEqualTo(example.get("words").intValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Why?,1", "'Why? ',1", "'Why?\u00a0',1", "Why?!,0", "Why? No.,0", "?,1", "' ',0"})
  void aQuestionEndsWithAQuestionMark(String text, float expected) {
    assertThat(features(text, 0)[1]).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"two,0", "2,1", "B2B,1", "x²,0", "½,0", "٣,1", "Ⅳ,0"})
  void onlyDecimalDigitsCountAsDigits(String text, float expected) {
    assertThat(features(text, 0)[3]).isEqualTo(expected);
  }
}
