package io.gistream.score;

import static io.gistream.score.Revisions.provisional;
import static io.gistream.score.Revisions.revision;
import static io.gistream.score.Revisions.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectedLatencyTest {

  @Test
  void latencyRunsFromTheEndOfTheSourceToTheFirstAppearance() {
    var revisions =
        List.of(
            provisional(30, "1 a"),
            revision(40, "1 a"),
            revision(70, "2 b", "3 c"),
            revision(90, "1 a", "2 b"));

    // 30 - 25, 70 - 55
    assertThat(ExpectedLatency.words(run(revisions, sentence(1, 25), sentence(2, 55)), 100))
        .isEqualTo(10);
  }

  @Test
  void aSentenceShownWhileItWasBeingSaidHasNoLatency() {
    assertThat(ExpectedLatency.words(run(List.of(revision(10, "1 a")), sentence(1, 15)), 100))
        .isZero();
  }

  @Test
  void aSentenceThatNoRevisionShowedAppearsWithTheLastWord() {
    assertThat(ExpectedLatency.words(run(List.of(), sentence(1, 15)), 100)).isEqualTo(85);
  }

  @Test
  void withoutSentencesThereIsNoLatency() {
    assertThat(ExpectedLatency.words(run(List.of(revision(10))), 100)).isNaN();
  }

  private static GroundedSentence sentence(long id, long sourceEndWords) {
    return new GroundedSentence(id, "a", "a", sourceEndWords);
  }
}
