package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContentWordsTest {

  @Test
  void functionWordsAndFillersCarryNothing() {
    assertThat(ContentWords.of("Um, so we really think that it's the thing, yeah.")).isEmpty();
  }

  @Test
  void contentWordsComeOnceInTheOrderOfTheText() {
    assertThat(ContentWords.of("The remote costs 25 euros; a REMOTE, not a phone."))
        .containsExactly("remote", "costs", "25", "euros", "phone");
  }

  @Test
  void everyScriptHasContentWords() {
    assertThat(ContentWords.of("Пульт стоит 25 евро"))
        .containsExactly("пульт", "стоит", "25", "евро");
    assertThat(ContentWords.of("遥控器很好")).containsExactly("遥", "控", "器", "很", "好");
    assertThat(ContentWords.of("जहाज़ शुक्रवार को")).containsExactly("जहाज़", "शुक्रवार", "को");
  }
}
