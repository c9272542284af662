package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroundingTest {

  @ParameterizedTest
  @CsvSource({
    "We ship on Friday.,'um we we ship, uh, on friday',1",
    "We ship on Monday.,we ship on friday,0.75",
    "Bob left.,we ship on friday,0",
    "...,we ship on friday,1",
    "'',we ship,1",
    "We ship.,'',0",
    "I don't know.,i do n't know .,1",
  })
  void theShareIsThatOfTheWordsThatWereSaid(String sentence, String source, float share) {
    assertThat(Grounding.share(sentence, source)).isEqualTo(share);
  }

  @Test
  void whatIsShownOfASourceIsSupportedByIt() {
    String spoken = "So , um , I do n't I don't think th- the T_F_T_ costs 25 euros , you know .";

    assertThat(Grounding.share(DisplayText.of(spoken), spoken)).isGreaterThan(0.8f);
    assertThat(Grounding.unsupported("I don't think the costs are 25 euros.", spoken)).isEmpty();
  }

  @Test
  void numbersAndNamesThatWereNotSaidAreNamed() {
    assertThat(
            Grounding.unsupported(
                "Yesterday Alice Smith paid 1,500 euros and 3.5% to Bob's ACME in Paris.",
                "alice paid 1500 euros to bob"))
        .containsExactly("Smith", "3.5", "ACME", "Paris");
  }

  @ParameterizedTest
  @CsvSource({
    "Decided by five people.,5 people voted",
    "It takes 5 days.,it takes five days",
    "On 24/12 we ship.,on 24 12 we ship",
    "And I'm sure I said so.,you are sure",
    "He said “We ship.” We do.,he said we ship we do",
    "It is the iPhone.,the iphone it is",
  })
  void whatWasSaidOneWayIsSupportedTheOther(String sentence, String source) {
    assertThat(Grounding.unsupported(sentence, source)).isEmpty();
  }

  @Test
  void theFirstWordIsANameOnlyWhenMoreThanItsFirstLetterSaysSo() {
    assertThat(Grounding.unsupported("Agreed to ship.", "we ship")).isEmpty();
    assertThat(Grounding.unsupported("NASA ships.", "we ship")).containsExactly("NASA");
  }

  @Test
  void anEmptySentenceClaimsNothing() {
    assertThat(Grounding.unsupported("", "we ship")).isEmpty();
  }
}
