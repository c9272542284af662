package io.gistream.score;

import static io.gistream.score.Revisions.revision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryRunTest {

  @Test
  void revisionsOutOfOrderAreRefused() {
    var revisions = List.of(revision(20, "1 a"), revision(10, "1 a"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SummaryRun(revisions, "a", List.of(), 0))
        .withMessageContaining("one after 10 words follows one after 20");
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SummaryRun(List.of(), "a", List.of(), Double.NaN))
        .withMessageContaining("NaN");
  }

  @Test
  void theTextOfARevisionIsThatOfItsSentences() {
    assertThat(revision(20, "1 We ship.", "2 It rains.").text()).isEqualTo("We ship. It rains.");
  }
}
