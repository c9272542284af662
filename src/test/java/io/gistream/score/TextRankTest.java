package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextRankTest {
  private static final float HALF = (float) Math.sqrt(0.5);

  /** s0 = 0.05 + 0.85 (1 - s0), as the two others give all they have to the middle one. */
  @Test
  void theMiddleOfAStarHasTheScoreComputedByHand() {
    double[] scores = TextRank.scores(List.of(v(HALF, HALF), v(1, 0), v(0, 1)));

    assertThat(scores[0]).isCloseTo(0.9 / 1.85, within(1e-6));
    assertThat(scores[1]).isCloseTo((1 - 0.9 / 1.85) / 2, within(1e-6));
    assertThat(scores[2]).isCloseTo(scores[1], within(1e-12));
  }

  @Test
  void oppositeSentencesAreNotAlikeAndASentenceWithoutNeighboursGivesToAll() {
    // 0 and 1 are alike; 2 is opposite to both, so it stands alone:
    // s2 = 0.05 + 0.85 s2 / 3
    double[] scores = TextRank.scores(List.of(v(1, 0), v(1, 0), v(-1, 0)));

    assertThat(scores[2]).isCloseTo(0.05 / (1 - 0.85 / 3), within(1e-6));
    assertThat(scores[0]).isCloseTo((1 - scores[2]) / 2, within(1e-6));
  }

  @Test
  void weightsAreProportionalToTheCosine() {
    // 1 is more like 0 than 2 is, and 1 and 2 are orthogonal
    double[] scores = TextRank.scores(List.of(v(0.8f, 0.6f), v(1, 0), v(0, 1)));

    assertThat(scores[1]).isGreaterThan(scores[2]);
    assertThat(scores[1] - 0.05).isCloseTo(0.85 * scores[0] * 0.8 / 1.4, within(1e-6));
  }

  @Test
  void scoresSumToOneOverAWholeMeeting() {
    var vectors = randomVectors(3_000, 16);

    double[] scores = TextRank.scores(vectors);

    assertThat(Arrays.stream(scores).sum()).isCloseTo(1, within(1e-6));
    assertThat(scores).isEqualTo(TextRank.scores(vectors));
  }

  @Test
  void theOrderOfTheSentencesDoesNotChangeTheirScores() {
    var vectors = randomVectors(60, 7);
    var reversed = new ArrayList<>(vectors);
    Collections.reverse(reversed);

    double[] there = TextRank.scores(vectors);
    double[] back = TextRank.scores(reversed);

    for (int i = 0; i < there.length; i++) {
      assertThat(back[there.length - 1 - i]).isCloseTo(there[i], within(1e-9));
    }
  }

  @Test
  void theMostCentralSentencesAreTakenInTheOrderOfTheTalk() {
    var summary =
        TextRank.summarize(
            List.of("apples here", "both of them", "pears there", "nothing else"),
            List.of(v(1, 0, 0), v(HALF, HALF, 0), v(0, 1, 0), v(0, 0, 1)),
            5);

    assertThat(summary).isEqualTo("apples here both of them");
  }

  @Test
  void aTranscriptWithoutSentencesHasAnEmptySummary() {
    assertThat(TextRank.summarize(List.of(), List.of(), 10)).isEmpty();
    assertThat(TextRank.summarize(List.of("Only one."), List.of(v(1)), 10)).isEqualTo("Only one.");
  }

  @Test
  void vectorsThatDoNotFitAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextRank.summarize(List.of("a", "b"), List.of(v(1)), 1))
        .withMessage("2 sentences were encoded to 1 vectors");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextRank.scores(List.of(v(1, 0), v(1))))
        .withMessage("The vector of sentence 1 has 1 numbers, the first one has 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextRank.scores(List.of(v(1, 0), v(0, Float.NaN))))
        .withMessage("The vector of sentence 1 has a NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextRank.scores(Collections.nCopies(16_385, v(1))))
        .withMessageContaining("at most 16384")
        .withMessageContaining("this transcript has 16385");
  }

  private static List<float[]> randomVectors(int count, int length) {
    var random = new Random(1);
    var vectors = new ArrayList<float[]>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[length];
      double square = 0;
      for (int k = 0; k < length; k++) {
        vector[k] = (float) random.nextGaussian();
        square += vector[k] * vector[k];
      }
      for (int k = 0; k < length; k++) {
        vector[k] /= (float) Math.sqrt(square);
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private static float[] v(float... numbers) {
    return numbers;
  }
}
