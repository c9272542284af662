package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CasingTest {
  private static final Casing CASING =
      Casing.of(
          List.of(
              "Then Peter met the people of IBM in New York.",
              "NASA and iPhone sales were on O'Brien's mind, said Peter.",
              "Budget talks: the march to the US begins in March, in March.",
              "Will asked whether we will tell us.",
              "We know Zoë and zoë, but mostly Zoë."));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "peter met ibm in new york|Peter met IBM in New York",
        "nasa sells iphones, iphone|NASA sells iphones, iPhone",
        "o'brien's mind|O'Brien's mind",
        "the BUDGET|the BUDGET",
        "the Mind of PETER|the mind of Peter",
        "in march|in march",
        "In MARCH|in March",
        "zoë|zoë",
        "ZOË|Zoë",
        "tell us of the us|tell us of the us",
        "asKed|asked",
        "I said I'm sure|I said I'm sure",
        "nothing of it was said|nothing of it was said",
      })
  void aWordThatWasNeverSaidAsWrittenIsWrittenAsItWasSaid(String written, String shown) {
    assertThat(CASING.restore(written)).isEqualTo(shown);
  }

  @Test
  void theStartOfASentenceMakesNoName() {
    assertThat(Casing.of(List.of("Budget is the topic of Ann.")).restore("the budget of ann"))
        .isEqualTo("the budget of Ann");
  }

  @Test
  void ofFormsSaidEquallyOftenTheFirstIsTaken() {
    Casing casing = Casing.of(List.of("So the API, or the Api, was named."));
    assertThat(casing.restore("the api")).isEqualTo("the API");
  }

  @Test
  void captionsWithoutCaseSayNothing() {
    assertThat(Casing.of(List.of("PETER SHIPS IT")).restore("Peter ships"))
        .isEqualTo("Peter ships");
    assertThat(Casing.of(List.of("peter ships it")).restore("Peter ships"))
        .isEqualTo("Peter ships");
    assertThat(Casing.of(List.of()).restore("Peter ships")).isEqualTo("Peter ships");
  }

  @Test
  void everythingButWordsStaysAsItIs() {
    String text = "  “peter” -- (ibm), 3.5%…\n\tnew😀york ";
    assertThat(CASING.restore(text)).isEqualTo("  “Peter” -- (IBM), 3.5%…\n\tNew😀York ");
  }
}
