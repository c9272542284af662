package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {

  @Test
  void aContractionIsOneWordAndTwoTokens() {
    assertThat(Words.count("I don't know.")).isEqualTo(3);
    assertThat(Words.tokens("I don't know.")).containsExactly("i", "don", "t", "know");
    assertThat(Words.of("We\u2019ll see")).containsExactly("We\u2019ll", "see");
  }

  @Test
  void punctuationAloneIsNoWord() {
    assertThat(Words.count("Mm - hmm, '' ... \uD83D\uDC4D\uFE0F")).isEqualTo(2);
    assertThat(Words.count("")).isZero();
  }

  @Test
  void lettersOfAnyScriptMakeTokens() {
    assertThat(Words.tokens("Größe ПРИВЕТ \u0928\u092E\u0938\u094D\u0924\u0947 ٤٢ \uD835\uDD38b"))
        .containsExactly(
            "größe", "привет", "\u0928\u092E\u0938\u094D\u0924\u0947", "٤٢", "\uD835\uDD38b");
  }

  @Test
  void aLetterAndItsCombiningAccentStayTogether() {
    assertThat(Words.tokens("Cafe\u0301 noir")).containsExactly("cafe\u0301", "noir");
  }

  @Test
  void tokensDoNotDependOnTheLocaleOfTheMachine() {
    var before = java.util.Locale.getDefault();
    try {
      java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
      assertThat(Words.tokens("TITLE")).containsExactly("title");
    } finally {
      java.util.Locale.setDefault(before);
    }
  }

  @Test
  void aCutTextHasTheWordsAskedForAndThePunctuationThatTouchesThem() {
    assertThat(Words.cut("We ship (on Friday), says Ann.", 4)).isEqualTo("We ship (on Friday),");
    assertThat(Words.cut("We ship (on Friday), says Ann.", 1)).isEqualTo("We");
    assertThat(Words.cut("We ship.", 0)).isEmpty();
  }

  @Test
  void aTextThatIsShortEnoughIsNotTouched() {
    assertThat(Words.cut(" We ship - ", 2)).isEqualTo(" We ship - ");
    assertThat(Words.cut("We ship", 3)).isEqualTo("We ship");
    assertThat(Words.cut("", 3)).isEmpty();
  }
}
