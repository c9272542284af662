package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RougeTest {
  private static final Offset<Double> EXACT = within(1e-12);

  /**
   * The example of section 3 of Lin (2004): LCS of 3 and of 2 of 4 words, one common bigram each.
   */
  @Test
  void theExampleOfThePaperGivesTheValuesOfThePaper() {
    var police = Rouge.against("police killed the gunman");

    var second = police.score("police kill the gunman");
    var third = police.score("the gunman kill police");
    var fourth = police.score("the gunman police killed");

    assertThat(second.rougeL().f1()).isCloseTo(0.75, EXACT);
    assertThat(third.rougeL().f1()).isCloseTo(0.5, EXACT);
    assertThat(fourth.rougeL().f1()).isCloseTo(0.5, EXACT);
    assertThat(second.rouge2().f1()).isCloseTo(1 / 3.0, EXACT);
    assertThat(third.rouge2().f1()).isCloseTo(1 / 3.0, EXACT);
    assertThat(fourth.rouge2().f1()).isCloseTo(2 / 3.0, EXACT);
    assertThat(second.rouge1().f1()).isCloseTo(0.75, EXACT);
    assertThat(third.rouge1().f1()).isCloseTo(0.75, EXACT);
    assertThat(fourth.rouge1().f1()).isCloseTo(1, EXACT);
  }

  @Test
  void precisionAndRecallDivideByTheirOwnSide() {
    var scores = Rouge.against("the cat sat on the mat").score("The cat, the cat!");

    // the, cat, the of 4 and of 6 tokens; "the cat" of 3 and of 5 pairs; "the cat the"
    assertThat(scores.rouge1()).isEqualTo(new RougeScore(3 / 4.0, 3 / 6.0, 6 / 10.0));
    assertThat(scores.rouge2()).isEqualTo(new RougeScore(1 / 3.0, 1 / 5.0, 2 / 8.0));
    assertThat(scores.rougeL()).isEqualTo(new RougeScore(3 / 4.0, 3 / 6.0, 6 / 10.0));
  }

  @Test
  void aRepeatedWordCountsNoMoreOftenThanTheReferenceHasIt() {
    var score = Rouge.against("a b a").rouge1("a a a a");

    assertThat(score.precision()).isCloseTo(2 / 4.0, EXACT);
    assertThat(score.recall()).isCloseTo(2 / 3.0, EXACT);
  }

  @Test
  void f1IsTheHarmonicMean() {
    var score = Rouge.against("one two three four five").rouge1("five two six");

    double p = score.precision();
    double r = score.recall();
    assertThat(score.f1()).isCloseTo(2 * p * r / (p + r), EXACT);
  }

  @Test
  void caseAndPunctuationDoNotCount() {
    assertThat(Rouge.against("We ship on FRIDAY!").score("we, ship: on friday"))
        .isEqualTo(Rouge.against("we ship on friday").score("we ship on friday"));
  }

  @Test
  void aTextAgainstItselfIsPerfect() {
    for (int seed = 0; seed < 20; seed++) {
      var text = text(new Random(seed), 2 + seed * 5);
      var scores = Rouge.against(text).score(text);
      assertThat(scores.rouge1().f1()).isEqualTo(1);
      assertThat(scores.rouge2().f1()).isEqualTo(1);
      assertThat(scores.rougeL().f1()).isEqualTo(1);
    }
  }

  @Test
  void candidateAndReferenceCanChangePlacesWithoutChangingF1() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var a = text(random, 1 + random.nextInt(60));
      var b = text(random, 1 + random.nextInt(60));
      var there = Rouge.against(a).score(b);
      var back = Rouge.against(b).score(a);
      assertThat(there.rouge1().f1()).isEqualTo(back.rouge1().f1());
      assertThat(there.rouge2().f1()).isEqualTo(back.rouge2().f1());
      assertThat(there.rougeL().f1()).isEqualTo(back.rougeL().f1());
      assertThat(there.rouge1().precision()).isEqualTo(back.rouge1().recall());
    }
  }

  @Test
  void nothingInCommonIsZero() {
    assertThat(Rouge.against("a b c").score("d e f").rougeL()).isEqualTo(RougeScore.ZERO);
  }

  @Test
  void anEmptyTextScoresZero() {
    for (var pair : new String[][] {{"", "a b"}, {"a b", ""}, {"", ""}, {"...", "a b"}}) {
      var scores = Rouge.against(pair[0]).score(pair[1]);
      assertThat(scores)
          .isEqualTo(new RougeScores(RougeScore.ZERO, RougeScore.ZERO, RougeScore.ZERO));
    }
  }

  @Test
  void aSingleWordHasNoRouge2() {
    var scores = Rouge.against("yes").score("yes");

    assertThat(scores.rouge1().f1()).isEqualTo(1);
    assertThat(scores.rouge2()).isEqualTo(RougeScore.ZERO);
  }

  @Test
  void theLongestCommonSubsequenceIsThatOfTheFullTable() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int[] a = random.ints(random.nextInt(40), 0, 6).toArray();
      int[] b = random.ints(random.nextInt(40), 0, 6).toArray();
      assertThat(Rouge.longestCommonSubsequence(a, b)).isEqualTo(fullTable(a, b));
    }
  }

  private static int fullTable(int[] a, int[] b) {
    int[][] table = new int[a.length + 1][b.length + 1];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        table[i][j] =
            a[i - 1] == b[j - 1]
                ? table[i - 1][j - 1] + 1
                : Math.max(table[i - 1][j], table[i][j - 1]);
      }
    }
    return table[a.length][b.length];
  }

  private static String text(Random random, int words) {
    return random
        .ints(words, 0, 25)
        .mapToObj(i -> Character.toString('a' + i))
        .collect(Collectors.joining(" "));
  }
}
