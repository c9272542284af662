package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.Origin;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final String REMOTE = "The remote costs twelve euros.";
  private static final String REMOTE_AGAIN = "Twelve euros is what the remote costs today.";
  private static final String SHIP = "Everyone agreed that shipping begins Friday morning.";
  private static final String BATTERY = "Solar cells replace both batteries.";

  private final Selection selection = new Selection(Map.of());

  @Test
  void theMostSalientSentencesAreShownInTheOrderOfTheTalk() {
    var talk = talk(SHIP, 1, REMOTE, 3, BATTERY, 2);

    assertThat(ids(selection.choose(talk, Set.of(), 10, 100, false))).containsExactly(1L, 2L);
  }

  @Test
  void aSmallerSentenceFillsWhatALargerOneLeaves() {
    var talk = talk(REMOTE, 3, SHIP, 2, BATTERY, 1);

    assertThat(ids(selection.choose(talk, Set.of(), 11, 100, false))).containsExactly(0L, 2L);
  }

  @Test
  void aSentenceThatSaysTheSameAgainIsNotShown() {
    var talk = talk(REMOTE, 3, REMOTE_AGAIN, 2, BATTERY, 1);

    assertThat(ids(selection.choose(talk, Set.of(), 100, 100, false))).containsExactly(0L, 2L);
    assertThat(
            ids(new Selection(Map.of("redundancy", 1.0)).choose(talk, Set.of(), 100, 100, false)))
        .containsExactly(0L, 1L, 2L);
  }

  @Test
  void aSentenceThatWasShownIsNotReplacedByOneHardlyBetter() {
    var talk = talk(REMOTE, 1, BATTERY, 1.4, SHIP, 0);

    assertThat(ids(selection.choose(talk, Set.of(), 5, 100, false))).containsExactly(1L);
    assertThat(ids(selection.choose(talk, Set.of(0L), 5, 100, false))).containsExactly(0L);
    assertThat(ids(selection.choose(talk(REMOTE, 1, BATTERY, 1.6), Set.of(0L), 5, 100, false)))
        .containsExactly(1L);
  }

  @Test
  void ofEqualSentencesTheEarlierIsShown() {
    assertThat(ids(selection.choose(talk(REMOTE, 1, BATTERY, 1), Set.of(), 5, 9, false)))
        .containsExactly(0L);
    assertThat(ids(selection.choose(talk(REMOTE, -0.0, BATTERY, 0.0), Set.of(), 5, 9, false)))
        .containsExactly(0L);
  }

  @Test
  void noSentenceIsWorthLessThanOneWhoseSalienceIsNotANumber() {
    var talk = talk(REMOTE, Double.NaN, BATTERY, -5);

    assertThat(ids(selection.choose(talk, Set.of(0L), 5, 100, false))).containsExactly(1L);
    assertThat(ids(new Selection(Map.of("poolSentences", 1.0)).keep(talk, Set.of(), 6)))
        .containsExactly(1L);
  }

  @Test
  void theBestIsShownAloneWhenNothingFits() {
    String longer = SHIP + " " + BATTERY.replace(".", "") + " and " + REMOTE;
    var talk = talk(longer, 1, longer + " Really.", 2);

    assertThat(ids(selection.choose(talk, Set.of(), 10, 100, false))).containsExactly(1L);
    assertThat(selection.choose(talk, Set.of(), 9, 100, false)).isEmpty();
    assertThat(selection.choose(List.of(), Set.of(), 10, 100, false)).isEmpty();
  }

  @Test
  void theSummaryGrowsWithTheTalkWhenTheRuleSaysSo() {
    var growing = new Selection(Map.of("growth", 0.1, "growthMinimum", 5.0));
    var talk = talk(REMOTE, 3, BATTERY, 2, SHIP, 1);

    assertThat(growing.choose(talk, Set.of(), 100, 10, false)).hasSize(1);
    assertThat(growing.choose(talk, Set.of(), 100, 100, false)).hasSize(2);
    assertThat(growing.choose(talk, Set.of(), 100, 10_000, false)).hasSize(3);
    assertThat(growing.choose(talk, Set.of(), 5, 10_000, false)).hasSize(1);
    assertThat(growing.choose(talk, Set.of(), 100, 10, true)).hasSize(3);
  }

  @Test
  void aStatementIsWorthMoreThanWhatStatesNothing() {
    var stating = new Selection(Map.of("statement", 1.0, "brokenOff", 3.0));
    String question = "Will solar cells replace both batteries?";
    String fragment = "The remote for twelve euros.";
    String broken = "It will be twelve euros for…";
    String thanks = "Thank you very much, Mr. Chair.";
    String statement = "They will ship Friday morning everywhere.";
    var talk = talk(question, 1.9, fragment, 1.9, thanks, 1.9, broken, 4.5, statement, 1);

    assertThat(ids(stating.choose(talk, Set.of(), 7, 100, false))).containsExactly(4L);
    assertThat(ids(stating.choose(talk, Set.of(), 24, 100, false))).containsExactly(0L, 1L, 2L, 4L);
    assertThat(ids(selection.choose(talk, Set.of(), 7, 100, false))).containsExactly(3L);
  }

  @Test
  void aShortSentenceIsWorthLess() {
    var talk = talk("Solar cells.", 1.5, SHIP, 1);

    assertThat(ids(new Selection(Map.of("brevity", 2.0)).choose(talk, Set.of(), 7, 100, false)))
        .containsExactly(1L);
    assertThat(ids(selection.choose(talk, Set.of(), 7, 100, false))).containsExactly(0L);
  }

  @Test
  void whatWasSaidLatelyIsWorthMoreUntilTheTalkHasMovedOn() {
    Map<String, Double> rule = Map.of("freshness", 2.0, "freshSentences", 10.0, "hysteresis", 0.0);
    var places = new Selection(rule);
    var written = new Selection(rule, 1000, 1 << 20);

    for (long unit : new long[] {1, 1000}) {
      var chooser = unit == 1 ? places : written;
      var early = sentence(0, REMOTE, 1);
      var later = sentence(5 * unit, BATTERY, 0.1);
      var latest = sentence(105 * unit, SHIP, -1.5);

      assertThat(ids(chooser.choose(List.of(early, later), Set.of(), 5, 100, false)))
          .containsExactly(5 * unit);
      assertThat(ids(chooser.choose(List.of(early, later, latest), Set.of(), 5, 100, false)))
          .containsExactly(0L);
      assertThat(ids(chooser.keep(List.of(early, later), Set.of(), 2))).containsExactly(5 * unit);
    }
  }

  @Test
  void thePoolIsBoundedByWordsAndBySentences() {
    var talk = talk(REMOTE, 1, BATTERY, 2, SHIP, 3, REMOTE_AGAIN, 1);

    assertThat(ids(selection.keep(talk, Set.of(), 100))).containsExactly(0L, 1L, 2L, 3L);
    assertThat(ids(selection.keep(talk, Set.of(), 6))).containsExactly(0L, 1L, 2L);
    assertThat(ids(selection.keep(talk, Set.of(), 5))).containsExactly(1L, 2L);
    assertThat(ids(selection.keep(talk, Set.of(), 1))).containsExactly(2L);
    assertThat(ids(new Selection(Map.of("poolSentences", 3.0)).keep(talk, Set.of(), 12)))
        .containsExactly(0L, 1L, 2L);
    assertThat(selection.keep(List.of(), Set.of(), 100)).isEmpty();
  }

  @Test
  void aSentenceThatIsShownStaysInThePoolAsItStaysInTheSummary() {
    var talk = talk(REMOTE, 1, BATTERY, 1.4, SHIP, 2);

    assertThat(ids(selection.keep(talk, Set.of(), 5))).containsExactly(1L, 2L);
    assertThat(ids(selection.keep(talk, Set.of(0L), 5))).containsExactly(0L, 2L);
  }

  @Test
  void aCandidateHasContent() {
    assertThat(selection.isCandidate(REMOTE)).isTrue();
    assertThat(selection.isCandidate("The remote, the remote, it is the red remote phone."))
        .isFalse();
    assertThat(new Selection(Map.of("minContentWords", 1.0)).isCandidate("Yes, Friday.")).isTrue();
  }

  @Test
  void aRuleOutOfItsRangeIsRefused() {
    assertThatThrownBy(() -> new Selection(Map.of("redundancy", 1.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("redundancy")
        .hasMessageContaining("1.5")
        .hasMessageContaining("from 0.0 to 1.0");
    assertThatThrownBy(() -> new Selection(Map.of("growth", Double.NaN)))
        .hasMessageContaining("growth");
  }

  @Test
  void noBudgetIsExceededAndNoSentenceShownTwice() {
    String[] texts = {
      REMOTE, REMOTE_AGAIN, SHIP, BATTERY, "Yes.", "Friday it is, then, for all of us."
    };
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      List<SummarySentence> talk =
          IntStream.range(0, random.nextInt(30))
              .mapToObj(
                  i -> sentence(i, texts[random.nextInt(texts.length)], random.nextInt(5) / 2.0))
              .toList();
      Set<Long> shown = Set.of(0L, (long) (1 + random.nextInt(30)));
      int budget = random.nextInt(60);

      var chosen = selection.choose(talk, shown, budget, 1000, false);

      int words = chosen.stream().mapToInt(s -> Words.count(s.getText())).sum();
      assertThat(words <= budget || (chosen.size() == 1 && budget >= 10))
          .as("seed %s", seed)
          .isTrue();
      assertThat(ids(chosen)).doesNotHaveDuplicates().isSorted();
      assertThat(
              selection.choose(
                  selection.keep(talk, Set.of(), Math.max(budget, 100)),
                  shown,
                  budget,
                  1000,
                  false))
          .as("seed %s", seed)
          .isEqualTo(chosen);
      assertThat(
              selection.choose(
                  Collections.unmodifiableList(new ArrayList<>(talk)), shown, budget, 1000, false))
          .isEqualTo(chosen);
    }
  }

  private static List<SummarySentence> talk(Object... textsAndSaliences) {
    List<SummarySentence> talk = new ArrayList<>();
    for (int i = 0; i < textsAndSaliences.length; i += 2) {
      talk.add(
          sentence(
              i / 2,
              (String) textsAndSaliences[i],
              ((Number) textsAndSaliences[i + 1]).doubleValue()));
    }
    return talk;
  }

  private static SummarySentence sentence(long id, String text, double salience) {
    return new SummarySentence(
        id,
        text,
        (float) salience,
        1f,
        Origin.EXTRACTED,
        new Source(List.of(id), null, null, List.of()));
  }

  private static List<Long> ids(List<SummarySentence> sentences) {
    return sentences.stream().map(SummarySentence::getId).toList();
  }
}
