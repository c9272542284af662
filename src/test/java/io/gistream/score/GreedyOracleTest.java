package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GreedyOracleTest {

  @Test
  void theSentenceOfTheReferenceIsFound() {
    var sentences = List.of("Um, hello.", "We ship on Friday.", "It rains a lot.");

    assertThat(GreedyOracle.summarize(sentences, "We ship on Friday.", 4))
        .isEqualTo("We ship on Friday.");
  }

  @Test
  void aSentenceThatLowersTheScoreIsLeftOutThoughTheBudgetHasRoom() {
    var sentences = List.of("We ship on Friday.", "It rains a lot here.");

    assertThat(GreedyOracle.summarize(sentences, "We ship on Friday.", 100))
        .isEqualTo("We ship on Friday.");
  }

  @Test
  void ofEqualSentencesTheEarlierOneIsTaken() {
    var sentences = List.of("The budget is fine!", "Other things.", "The budget is fine?");

    assertThat(GreedyOracle.summarize(sentences, "the budget is fine", 4))
        .isEqualTo("The budget is fine!");
  }

  @Test
  void nothingIsTakenWhereNothingMatches() {
    assertThat(GreedyOracle.summarize(List.of("Um.", "Hello."), "we ship", 10)).isEmpty();
    assertThat(GreedyOracle.summarize(List.of(), "we ship", 10)).isEmpty();
    assertThat(GreedyOracle.summarize(List.of("...", ""), "we ship", 10)).isEmpty();
  }

  @Test
  void theCountsKeptAlongTheWayAreThoseOfTheWholeExtract() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new Random(seed);
      var sentences = new ArrayList<String>();
      for (int i = 0; i < 12; i++) {
        sentences.add(text(random, 1 + random.nextInt(7)));
      }
      var reference = text(random, 15);
      int budget = 5 + random.nextInt(20);

      assertThat(GreedyOracle.summarize(sentences, reference, budget))
          .as("seed %d", seed)
          .isEqualTo(fromScratch(sentences, reference, budget));
    }
  }

  /** The same rule, each extract scored as a text. */
  private static String fromScratch(List<String> sentences, String reference, int budget) {
    var rouge = Rouge.against(reference);
    var chosen = new ArrayList<Integer>();
    while (true) {
      int left = budget - words(sentences, chosen);
      double value = value(rouge, Extract.of(sentences, chosen, budget));
      int best = -1;
      double bestRate = 0;
      for (int i = 0; i < sentences.size() && left > 0; i++) {
        if (!chosen.contains(i)) {
          var tried = new ArrayList<>(chosen);
          tried.add(i);
          double gain = value(rouge, Extract.of(sentences, tried, budget)) - value;
          double rate = gain / Math.min(left, Words.count(sentences.get(i)));
          if (gain > 1e-12 && rate > bestRate) {
            best = i;
            bestRate = rate;
          }
        }
      }
      if (best < 0) {
        return Extract.of(sentences, chosen, budget);
      }
      chosen.add(best);
    }
  }

  private static int words(List<String> sentences, List<Integer> chosen) {
    return chosen.stream().mapToInt(i -> Words.count(sentences.get(i))).sum();
  }

  private static double value(Rouge rouge, String text) {
    var scores = rouge.score(text);
    return scores.rouge1().f1() + scores.rouge2().f1();
  }

  /** Words of one and of two tokens over a small alphabet, so that pairs match often. */
  private static String text(Random random, int words) {
    return random
        .ints(words, 0, 8)
        .mapToObj(i -> i == 7 ? "a's" : Character.toString('a' + i))
        .collect(Collectors.joining(" "));
  }
}
