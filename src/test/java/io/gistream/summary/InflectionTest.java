package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InflectionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ship ships shipped shipping",
        "budget budgets budgeted",
        "decide decides decided deciding",
        "case cases",
        "city cities",
        "try tries tried trying",
        "batch batches",
        "class classes",
        "quick quickly",
        "tell telling tells",
      })
  void regularFormsAreOneWord(String forms) {
    for (String form : forms.split(" ")) {
      assertThat(Inflection.stem(form))
          .as(form)
          .isEqualTo(Inflection.stem(forms.substring(0, forms.indexOf(' '))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "decide,decision",
    "contract,contrast",
    "maria,marla",
    "bus,busy",
    "sing,sin",
    "red,reds1",
    "monday,money",
    "bonus,bonn",
    "thing,the",
    "news,new1"
  })
  void wordsThatOnlyLookAlikeAreTwo(String one, String other) {
    assertThat(Inflection.stem(one)).isNotEqualTo(Inflection.stem(other));
  }
}
