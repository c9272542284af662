package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "We ship on Friday.",
        "That's the plan.",
        "That’s the plan.",
        "It isn't ready!",
        "He said \"ship it.\"",
        "Welcome to the budget committee, which has three items.",
      })
  void aClauseStatesSomething(String text) {
    assertThat(Statement.is(text)).isTrue();
    assertThat(Statement.isBrokenOff(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Do we ship on Friday?",
        "He asked, \"do we ship?\"",
        "The remote control.",
        "Channel, setting, menu.",
        "Thank you very much, Mr. Chair.",
        "Hello everybody, I hope you are fine.",
        "",
      })
  void questionsFragmentsAndCourtesiesStateNothing(String text) {
    assertThat(Statement.is(text)).isFalse();
    assertThat(Statement.isBrokenOff(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"They'll be…", "So we could...", "\"I think we should…\"", "It was..."})
  void whatEndsInAnEllipsisWasBrokenOff(String text) {
    assertThat(Statement.isBrokenOff(text)).isTrue();
    assertThat(Statement.is(text)).isFalse();
  }
}
