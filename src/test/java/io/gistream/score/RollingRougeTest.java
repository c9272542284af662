package io.gistream.score;

import static io.gistream.score.Revisions.revision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RollingRougeTest {
  private static final Rouge REFERENCE = Rouge.against("a b c d");

  @Test
  void eachRevisionCountsForAsLongAsItIsShown() {
    // nothing for 0.2, F1 = 2/5 for 0.3, F1 = 1 for 0.5
    var revisions = List.of(revision(20, "1 a"), revision(50, "1 a", "2 b c d"));

    assertThat(area(revisions)).isCloseTo(0.3 * 0.4 + 0.5 * 1, within(1e-12));
  }

  @Test
  void aSummaryThatIsPerfectFromTheFirstWordOnHasAnAreaOfOne() {
    assertThat(area(List.of(revision(0, "1 a b c d")))).isEqualTo(1);
  }

  @Test
  void aSystemThatShowsNothingBeforeTheEndHasNoArea() {
    assertThat(area(List.of())).isZero();
    assertThat(area(List.of(revision(100, "1 a b c d")))).isZero();
  }

  @Test
  void ofRevisionsAtTheSameWordOnlyTheLastIsSeen() {
    var revisions = List.of(revision(50, "1 a b c d"), revision(50, "2 x"));

    assertThat(area(revisions)).isZero();
  }

  @Test
  void whatIsSaidToBeHeardBehindTheEndAddsNothing() {
    var revisions = List.of(revision(50, "1 a b c d"), revision(120, "2 x"));

    assertThat(area(revisions)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void wordsOverTheBudgetDoNotCount() {
    var revisions = List.of(revision(0, "1 a b", "2 c d"));

    assertThat(RollingRouge.areaUnderRouge1(revisions, REFERENCE, 100, 2))
        .isCloseTo(2 * 2 / 6.0, within(1e-12));
  }

  private static double area(List<Revision> revisions) {
    return RollingRouge.areaUnderRouge1(revisions, REFERENCE, 100, 10);
  }
}
