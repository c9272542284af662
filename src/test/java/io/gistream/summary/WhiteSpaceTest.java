package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WhiteSpaceTest {
  @Test
  void allThatUnicodeCallsASpaceIsBlank() {
    assertThat(WhiteSpace.isBlank("")).isTrue();
    assertThat(WhiteSpace.isBlank(" \t\n\u00a0\u2003\u3000\u2028")).isTrue();
    assertThat(WhiteSpace.isBlank("\u00a0.")).isFalse();
    assertThat(WhiteSpace.isBlank("\u200b")).isFalse();
  }

  @Test
  void aRunOfItBecomesOneSpaceAndTheSentencesStayTheSame() {
    String text = "\u00a0\u00a0We ship\t\n it 😀\u3000\u3000 on  Friday .\u2003 Right?  ";
    String collapsed = WhiteSpace.collapse(text);
    assertThat(collapsed).isEqualTo(" We ship it 😀 on Friday . Right? ");
    assertThat(WhiteSpace.collapse(collapsed)).isEqualTo(collapsed);
    assertThat(texts(collapsed)).isEqualTo(texts(text)).hasSize(2);
  }

  private static List<String> texts(String text) {
    return SentenceSplitter.split(List.of(new Utterance(text, null))).stream()
        .map(SpokenSentence::text)
        .toList();
  }
}
