package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedundancyTest {

  @Test
  void aSentenceSaidTwiceIsAllRedundant() {
    assertThat(Redundancy.of(List.of("We ship on Friday.", "we ship, on friday"))).isEqualTo(1);
  }

  @Test
  void theShareOfRepeatedPairsIsTheMeanOverSentences() {
    // pairs: remote control, control costs, costs money / remote control, control design
    assertThat(Redundancy.of(List.of("Remote control costs money.", "Remote control design.")))
        .isCloseTo((1 / 3.0 + 1 / 2.0) / 2, within(1e-12));
  }

  @Test
  void sentencesThatShareSingleWordsOnlyAreNotRedundant() {
    assertThat(Redundancy.of(List.of("The remote costs much.", "A remote needs batteries.")))
        .isZero();
  }

  @Test
  void pairsOfFunctionWordsDoNotCount() {
    assertThat(Redundancy.of(List.of("It is on the table.", "It is on the shelf.")))
        .as("of 'the table' and 'the shelf' neither is repeated")
        .isZero();
  }

  @Test
  void aPairRepeatedWithinOneSentenceIsNotSaidByAnother() {
    assertThat(Redundancy.of(List.of("Remote control, remote control."))).isZero();
  }

  @Test
  void aSummaryWithNothingToCompareIsNotRedundant() {
    assertThat(Redundancy.of(List.of())).isZero();
    assertThat(Redundancy.of(List.of("Batteries.", "It is."))).isZero();
  }
}
