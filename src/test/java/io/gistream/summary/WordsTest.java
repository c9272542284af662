package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          We don't ship 3.5 of it.     | 7
          ' '' -- …                    | 0
          re-read snake_case (once)    | 5
          rock 'n' roll                | 3
          e\u0301te\u0301 हिन्दी       | 2
          它很好 ok                     | 4
          """)
  void aWordIsARunOfLettersDigitsAndApostrophes(String text, int words) {
    assertThat(Words.count(text)).isEqualTo(words);
  }

  @Test
  void nothingHasNoWords() {
    assertThat(Words.count("")).isZero();
    assertThat(Words.count("\uD83D\uDE00 \uD83D")).isZero();
  }

  @Test
  void tokensAreLowerCasedRunsOfLettersAndDigits() {
    assertThat(Words.tokens("Don't RE-read it, it's 3.5x ÜBER हिन्दी 汉字a"))
        .containsExactly(
            "don", "t", "re", "read", "it", "it", "s", "3", "5x", "über", "हिन्दी", "汉", "字", "a");
  }
}
