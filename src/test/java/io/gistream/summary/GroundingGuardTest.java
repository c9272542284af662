package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.Origin;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroundingGuardTest {
  private static final Selection SELECTION = new Selection(Map.of("minContentWords", 3.0));
  private static final List<String> SPOKEN =
      List.of(
          "Um, I think the the budget for the second quarter is 12,500 euros.",
          "Okay.",
          "Maria will write the report and send it to the board before Monday.",
          "We have seen twelve incidents in Frankfurt this week.");

  private final GroundingGuard guard = new GroundingGuard(SPOKEN, SELECTION);

  private static SummarySentence kept(String text) {
    return new SummarySentence(
        1L, text, 0f, 1f, Origin.EXTRACTED, new Source(List.of(0L), null, null, List.of()));
  }

  private GroundingGuard.Grounded ground(String generated) {
    return guard.ground(generated, List.of()).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The budget for the second quarter is 12,500 euros.",
        "The second quarter's budget is 12500 euros.",
        "Maria writes and sends the report to the board.",
        "Before Monday, Maria sends the board the report that she is writing.",
        "Reporting to the board, Maria sends budgets.",
        "Frankfurt had 12 incidents this week.",
        "An incident was seen in Frankfurt.",
      })
  void whatWasSaidInOtherWordsOrAnotherOrderIsSupported(String generated) {
    GroundingGuard.Grounded grounded = ground(generated);
    assertThat(grounded.text()).isEqualTo(generated);
    assertThat(grounded.origin()).isEqualTo(Origin.GENERATED);
    assertThat(grounded.kept()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // numbers
        "The budget for the second quarter is 12,600 euros.",
        "The budget for the second quarter is 12.5 euros.",
        "The budget for the second quarter is 1250 euros.",
        "The budget for the second quarter is 500 euros.",
        "Frankfurt had 13 incidents this week.",
        "Frankfurt had thirteen incidents this week.",
        "Frankfurt had 12% incidents in week 7.",
        "The budget for the third quarter is 12,500 euros.",
        "We have seen eleven incidents in Frankfurt.",
        // names
        "Marla will write the report and send it to the board.",
        "Marie will write the report and send it to the board.",
        "Maria will send the report to Frank.",
        "Maria Monroe will write the report.",
        "IBM will write the report.",
        "We have seen twelve incidents in Berlin.",
        // content
        "Maria will burn the report and send it to the board.",
        "The budget for the second quarter is approved.",
        "The budget was raised before Monday.",
        "The board rejected the report of Maria.",
      })
  void aNumberNameOrWordThatNobodySaidIsNotSupported(String generated) {
    GroundingGuard.Grounded grounded = ground(generated);
    assertThat(grounded.origin()).isEqualTo(Origin.REPLACED);
    assertThat(grounded.text()).isNotEqualTo(generated);
    assertThat(SPOKEN.stream().map(DisplayText::of).toList()).contains(grounded.text());
    assertThat(grounded.share()).isEqualTo(1f);
  }

  @Test
  void theSentenceThatSharesMostTakesItsPlace() {
    assertThat(ground("The budget for the second quarter is 99 dollars.").text())
        .isEqualTo(DisplayText.of(SPOKEN.get(0)));
    assertThat(ground("The board wants a pony and a report.").text())
        .isEqualTo(DisplayText.of(SPOKEN.get(2)));
    assertThat(ground("Frankfurt is full of ponies.").text())
        .isEqualTo(DisplayText.of(SPOKEN.get(3)));
  }

  @Test
  void whenNoneSharesAWordTheOneThatSaysMostTakesItsPlace() {
    assertThat(ground("Ponies like green apples.").text()).isEqualTo(DisplayText.of(SPOKEN.get(0)));
  }

  @Test
  void noCandidateIsShownTwice() {
    String generated = "The budget for the second quarter is 99 dollars.";
    String budget = DisplayText.of(SPOKEN.get(0));
    GroundingGuard.Grounded next = guard.ground(generated, List.of(kept(budget))).orElseThrow();
    assertThat(next.origin()).isEqualTo(Origin.REPLACED);
    assertThat(next.text()).isEqualTo(DisplayText.of(SPOKEN.get(2)));
  }

  @Test
  void whenNoSentenceIsLeftTheGeneratedOneIsDropped() {
    List<SummarySentence> all =
        List.of(0, 2, 3).stream().map(i -> kept(DisplayText.of(SPOKEN.get(i)))).toList();
    assertThat(guard.ground("Ponies like green apples.", all)).isEmpty();
    Optional<GroundingGuard.Grounded> short_ =
        new GroundingGuard(List.of("Okay.", "Yes, right."), SELECTION)
            .ground("Ponies like green apples.", List.of());
    assertThat(short_).isEmpty();
  }

  @Test
  void aSentenceRestsOnThoseThatHaveItsWords() {
    assertThat(ground("Maria sends the report.").spoken()).containsExactly(2);
    assertThat(ground("The budget report goes to the board.").spoken()).containsExactly(0, 2);
    assertThat(ground("It is what it is.").spoken()).containsExactly(0, 1, 2, 3);
    assertThat(ground("Maria sends the report.").share()).isEqualTo(0.75f);
  }

  @Test
  void whatWasKeptBeforeSupportsToo() {
    SummarySentence ship = kept("The release ships on Friday.");
    SummarySentence other = kept("Nobody likes the new logo.");
    String generated = "Maria will report on the release on Friday.";
    assertThat(ground(generated).origin()).isEqualTo(Origin.REPLACED);
    GroundingGuard.Grounded grounded = guard.ground(generated, List.of(other, ship)).orElseThrow();
    assertThat(grounded.origin()).isEqualTo(Origin.GENERATED);
    assertThat(grounded.spoken()).containsExactly(2);
    assertThat(grounded.kept()).containsExactly(ship);
    assertThat(grounded.share()).isEqualTo(1f);
  }
}
