package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TextTableTest {
  private final TextTable table =
      new TextTable("name", "rate", "note")
          .row("ä", "1.5", "slow")
          .row("longer", "-10.25", "fast")
          .row("none", "-", "");

  @Test
  void numbersAreAlignedToTheRight() {
    assertThat(table.toText())
        .isEqualTo(
            """
            name      rate  note
            ä          1.5  slow
            longer  -10.25  fast
            none         -
            """);
  }

  @Test
  void markdownHasARuleUnderItsHeadings() {
    assertThat(table.toMarkdown())
        .isEqualTo(
            """
            | name   |   rate | note |
            | ------ | -----: | ---- |
            | ä      |    1.5 | slow |
            | longer | -10.25 | fast |
            | none   |      - |      |
            """);
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.row("only one"))
        .withMessageContaining("1 cells in a table of 3 columns");
  }
}
