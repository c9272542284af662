package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroundingShareTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "We ship on Friday. | um so we ship on friday",
        "The price is 12.50 euros. | the price, 12.50 euros",
        "It costs 1,250 dollars. | it costs 1250 dollars",
        "They meet at 10:30. | meet at 10:30 they said",
        "Profit doubled in Q3. | in q3 the profit doubled",
        "The plan is John's. | john has the plan",
        "I think I'm late. | think late",
        "We need a TV. | we need a T_V _",
        "Ann's decision: Ship it. | ann made the decision to ship it",
        "It is what it is. | something else altogether",
        "alpha beta gamma delta epsilon | alpha beta gamma delta",
      })
  void aSentenceThatItsSourceBearsOutIsSupported(String sentence, String source) {
    assertThat(GroundingShare.isSupported(sentence, source)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "another number | The big red price of the device is 13 euros. | the big red price of the device is 12 euros",
        "part of a number | The big red price of the device is 3 euros. | the big red price of the device is 3.5 euros",
        "digits of a number | The big red price of the device is 25 euros. | the big red price of the device is 1250 euros",
        "another name | The plan is John's, and ships with red new shiny boxes. | the plan is mary's and ships with red new shiny boxes",
        "an acronym | LCD screens cost more money now, they guess. | screens cost more money now they guess, lots",
        "half of a name | They asked Ann Smith about shipping red boxes on time. | they asked ann about shipping red boxes on time",
        "too few words | alpha beta gamma delta | alpha beta gamma",
        "no source | Ship. | ...",
      })
  void aSentenceThatSaysMoreThanItsSourceIsNot(String what, String sentence, String source) {
    assertThat(GroundingShare.isSupported(sentence, source)).as(what).isFalse();
  }

  @Test
  void numbersAreReadWhole() {
    assertThat(Facts.numbers("In 2020, 1,250.50 at 10:30. Then q3 and 1st: 5."))
        .containsExactlyInAnyOrder("2020", "1250.50", "10:30", "q3", "1st", "5");
  }

  @Test
  void namesAreCapitalWordsThatNoSentenceBeginsWith() {
    assertThat(Facts.nameTokens("Then Ann met O'Brien. Boxes of IBM, she said: Nice. I'm eBay"))
        .containsExactlyInAnyOrder("ann", "o", "brien", "ibm", "ebay");
  }

  @Test
  void theShareIsThatOfTheSentences() {
    var good = new GroundedSentence(1, "We ship.", "we ship", 2);
    var bad = new GroundedSentence(2, "It rains.", "we ship", 2);

    assertThat(GroundingShare.of(List.of(good, bad, good, good))).isEqualTo(0.75);
    assertThat(GroundingShare.of(List.of())).isNaN();
  }
}
