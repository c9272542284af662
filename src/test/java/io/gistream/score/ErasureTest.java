package io.gistream.score;

import static io.gistream.score.Revisions.revision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ErasureTest {

  @Test
  void aSummaryThatOnlyGrowsErasesNothing() {
    var revisions =
        List.of(revision(1), revision(2, "1 we ship"), revision(3, "1 we ship", "2 on friday"));

    assertThat(Erasure.normalised(revisions)).isZero();
  }

  @Test
  void aSentenceThatLeavesCountsAllItsWords() {
    var revisions = List.of(revision(1, "1 we ship", "2 it rains a lot"), revision(2, "1 we ship"));

    assertThat(Erasure.normalised(revisions)).isCloseTo(4 / 2.0, within(1e-12));
  }

  @Test
  void aSentenceThatChangesCountsTheWordsThatAreGone() {
    var before = revision(1, "1 we ship on Friday morning");

    assertThat(Erasure.erasedWords(before, revision(2, "1 we may ship on Monday"))).isEqualTo(2);
    assertThat(Erasure.erasedWords(before, revision(2, "1 we ship on Friday morning early")))
        .isZero();
    assertThat(Erasure.erasedWords(before, revision(2, "1 We ship on Friday morning")))
        .isEqualTo(1);
    assertThat(Erasure.erasedWords(before, revision(2, "1 we ship, on Friday morning!"))).isZero();
  }

  @Test
  void aSentenceIsKnownByItsIdAndNotByItsPlaceOrText() {
    var before = revision(1, "1 we ship", "2 it rains");

    assertThat(Erasure.erasedWords(before, revision(2, "2 it rains", "1 we ship"))).isZero();
    assertThat(Erasure.erasedWords(before, revision(2, "3 we ship", "2 it rains"))).isEqualTo(2);
  }

  @Test
  void aSentenceThatComesAndGoesIsCountedEachTime() {
    var with = revision(1, "1 we ship", "2 it rains");
    var without = revision(1, "1 we ship");

    assertThat(Erasure.normalised(List.of(with, without, with, without, with)))
        .isCloseTo(4 / 4.0, within(1e-12));
  }

  @Test
  void aSummaryThatEndsEmptyIsDividedByOneWord() {
    assertThat(Erasure.normalised(List.of(revision(1, "1 we ship now"), revision(2)))).isEqualTo(3);
    assertThat(Erasure.normalised(List.of(revision(1), revision(2)))).isZero();
    assertThat(Erasure.normalised(List.of())).isZero();
  }
}
