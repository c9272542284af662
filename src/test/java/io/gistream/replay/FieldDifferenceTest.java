package io.gistream.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Talks;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where two summaries differ first. */
class FieldDifferenceTest {
  private static RollingSummary summary;

  @BeforeAll
  static void summarise() {
    try (SummaryModel model = Talks.tinyModel()) {
      LocalSummarizer summarizer = new LocalSummarizer("t", model, SummaryOptions.defaults());
      for (var chunk : Talks.talk("t", 10, 1)) {
        LocalSummarizer.latest(summarizer.accept(Talks.at(chunk.getSequence(), chunk)))
            .ifPresent(it -> summary = it);
      }
    }
    assertThat(summary.getSentences()).hasSizeGreaterThan(3);
  }

  private static RollingSummary copy() {
    return RollingSummary.newBuilder(summary).build();
  }

  private static void set(SpecificRecord record, String field, Object value) {
    record.put(record.getSchema().getField(field).pos(), value);
  }

  @Test
  void equalRecordsHaveNone() {
    assertThat(FieldDifference.between(summary, copy())).isEmpty();
  }

  @Test
  void aFieldOfARecordInAListIsNamedByItsPlace() {
    RollingSummary other = copy();
    set(other.getSentences().get(3), "text", "Nobody said this.");

    assertThat(FieldDifference.between(summary, other))
        .contains(
            new FieldDifference(
                "sentences[3].text", summary.getSentences().get(3).getText(), "Nobody said this."));
  }

  @Test
  void aFieldOfARecordInARecordIsNamedByItsPath() {
    RollingSummary other = copy();
    set(other.getSentences().get(0).getSource(), "sequences", new ArrayList<>(List.of(99L)));

    assertThat(FieldDifference.between(summary, other))
        .hasValueSatisfying(
            it -> {
              assertThat(it.path()).isEqualTo("sentences[0].source.sequences[0]");
              assertThat(it.actual()).isEqualTo("99");
            });
  }

  @Test
  void aListThatIsLongerDiffersInLength() {
    RollingSummary other = copy();
    other.getSentences().remove(other.getSentences().size() - 1);

    assertThat(FieldDifference.between(summary, other))
        .contains(
            new FieldDifference(
                "sentences.length",
                Integer.toString(summary.getSentences().size()),
                Integer.toString(summary.getSentences().size() - 1)));
  }

  @Test
  void whatIsNotThereDiffersFromWhatIs() {
    RollingSummary other = copy();
    set(other, "startMillis", null);

    assertThat(FieldDifference.between(summary, other))
        .contains(new FieldDifference("startMillis", "0", "(nothing)"));
  }

  @Test
  void theFirstInTheOrderOfTheSchemaCounts() {
    RollingSummary other = copy();
    set(other, "wordsHeard", -1L);
    set(other, "epoch", 7);

    assertThat(FieldDifference.between(summary, other))
        .contains(new FieldDifference("epoch", "0", "7"));
  }
}
