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
        "Welcome to the budget committee, it has three items.",
        "The committee announced a new fund.",
        "If the road is open, we repair the modem.",
        "After that we have new requirements.",
        "Anna's going to present the prototype.",
        "In the HE sector nobody is paid.",
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
        "What are your experiences with remote controls.",
        "But do you have a design.",
        "On a shadow fork, or on the devnet.",
        "Provided by a voluntary organisation.",
        "Which is nice.",
        "That it controls the channels.",
        "Because the battery is dead.",
        "The report that was written last year.",
        "Anna's new proposal.",
        "Calculates the cost.",
        "The we will sell it.",
        "I this is volume control.",
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

  @ParameterizedTest
  @ValueSource(strings = {"It was merged.", "And they will test it.", "That's the plan."})
  void aPronounAtTheHeadPointsBack(String text) {
    assertThat(Statement.isUnresolved(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"We ship it.", "This is the plan.", "That plan fails.", "These tests pass.", ""})
  void whoSpeaksAndWhatIsNamedDoNot(String text) {
    assertThat(Statement.isUnresolved(text)).isFalse();
  }
}
