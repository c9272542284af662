package io.gistream.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.Origin;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceSizeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "We ship on Friday.",
        "Donaudampfschifffahrtsgesellschaftskapitäne verhandeln Rindfleischetikettierungsgesetze erneut.",
        "நாங்கள் வெள்ளிக்கிழமை புதிய பதிப்பை வெளியிடுகிறோம்.",
        "ჩვენ პარასკევს ახალ ვერსიას გამოვუშვებთ.",
        "我们在星期五发布新版本。"
      })
  void whatPeopleSayIsOrdinary(String text) {
    assertThat(SentenceSize.isOrdinary(sentence(text, 3, "Dr. Wilhelmine von Habenichts")))
        .isTrue();
  }

  @Test
  void aWordOfHundredsOfLettersIsNot() {
    String word = "a".repeat(100);
    assertThat(SentenceSize.isOrdinary(sentence(word + " b c d " + word, 1, "Bob"))).isTrue();
    assertThat(SentenceSize.isOrdinary(sentence((word + " ").repeat(4), 1, "Bob"))).isFalse();
    assertThat(SentenceSize.isOrdinary(sentence("?!", 1, "Bob"))).isFalse();
  }

  @Test
  void norIsOneThatRestsOnMoreThanItSays() {
    String text = "We ship the release.";
    assertThat(SentenceSize.isOrdinary(sentence(text, 4, "Bob"))).isTrue();
    assertThat(SentenceSize.isOrdinary(sentence(text, 1_000, "Bob"))).isFalse();
    assertThat(SentenceSize.isOrdinary(sentence(text, 1, "한".repeat(256)))).isFalse();
  }

  private static SummarySentence sentence(String text, int chunks, String speaker) {
    List<Long> sequences = LongStream.range(1L << 40, (1L << 40) + chunks).boxed().toList();
    return new SummarySentence(
        7L,
        text,
        1f,
        1f,
        Origin.EXTRACTED,
        new Source(sequences, 0L, 1L, Collections.singletonList(speaker)));
  }
}
