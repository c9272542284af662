package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final Scorer SCORER =
      new Scorer(
          segments ->
              segments.stream()
                  .flatMap(segment -> Arrays.stream(segment.text().split("(?<=\\.) ")))
                  .toList());

  /** Sentences are alike when they have the same number of letters: enough to tell them apart. */
  private static final SentenceVectors VECTORS =
      sentences ->
          sentences.stream()
              .map(s -> s.length() % 2 == 0 ? new float[] {1, 0} : new float[] {0, 1})
              .toList();

  private static final Document MEETING =
      document(
          "m1",
          "talks",
          "we ship the boxes on friday",
          "Hello there all.",
          "We ship the boxes on Friday. It rains.",
          "Goodbye then.");

  /** Hears a document segment by segment and shows the segment heard last. */
  private static SummaryRun latestSegment(Document document, int budgetWords) {
    var revisions = new ArrayList<Revision>();
    long heard = 0;
    for (var segment : document.segments()) {
      heard += Words.count(segment.text());
      var sentence = new Revision.Sentence(segment.index(), segment.text());
      revisions.add(new Revision(heard, List.of(sentence), false));
    }
    var last = document.segments().get(document.segments().size() - 1);
    var grounded = new GroundedSentence(last.index(), last.text(), last.text(), heard);
    return new SummaryRun(revisions, last.text(), List.of(grounded), 0.5);
  }

  @Test
  void allMethodsHaveTheSameBudget() {
    var score =
        only(
            SCORER.score(
                List.of(MEETING),
                ScorerTest::latestSegment,
                VECTORS,
                Budget.words(4),
                ProgressListener.NONE));

    assertThat(score.rouge()).containsOnlyKeys(Method.values());
    assertThat(score.budgetWords()).isEqualTo(4);
    assertThat(score.summaryWords())
        .containsEntry(Method.GISTREAM, 2.0)
        .containsEntry(Method.LEAD, 4.0)
        .containsEntry(Method.RANDOM, 4.0)
        .containsEntry(Method.TEXTRANK, 4.0)
        .containsEntry(Method.ORACLE, 4.0);
  }

  @Test
  void aSummaryOverTheBudgetIsCutToIt() {
    Summarizer whole = (document, words) -> offline(document.text());

    var score = only(SCORER.score(List.of(MEETING), whole, Budget.words(3), ProgressListener.NONE));

    assertThat(score.rouge().get(Method.GISTREAM)).isEqualTo(score.rouge().get(Method.LEAD));
    assertThat(score.summaryWords()).containsEntry(Method.GISTREAM, 3.0);
  }

  @Test
  void theReferenceGivesTheBudgetWhenAskedTo() {
    var asked = new ArrayList<Integer>();
    Summarizer system =
        (document, words) -> {
          asked.add(words);
          return offline("");
        };

    var score =
        only(
            SCORER.score(
                List.of(MEETING), system, Budget.referenceLength(), ProgressListener.NONE));

    assertThat(asked).containsExactly(6);
    assertThat(score.rouge().get(Method.ORACLE)).isEqualTo(perfect());
    assertThat(score.rouge().get(Method.GISTREAM))
        .isEqualTo(new RougeScores(RougeScore.ZERO, RougeScore.ZERO, RougeScore.ZERO));
  }

  @Test
  void withoutSentenceVectorsThereIsNoTextRank() {
    var report =
        SCORER.score(
            List.of(MEETING), ScorerTest::latestSegment, Budget.words(4), ProgressListener.NONE);

    assertThat(only(report).rouge()).doesNotContainKey(Method.TEXTRANK);
    assertThat(report.toJson(Map.of(), Map.of())).doesNotContain("textrank");
  }

  @Test
  void theRunIsMeasuredAlongTheWay() {
    var score =
        only(
            SCORER.score(
                List.of(MEETING),
                ScorerTest::latestSegment,
                Budget.referenceLength(),
                ProgressListener.NONE));

    // 13 words: the good segment is shown from word 11 to word 13 (cut to 6 words: all of them);
    // "Hello there all" has no word of the reference
    assertThat(score.online().r1Auc()).isCloseTo(2 / 13.0, within(1e-12));
    assertThat(score.online().normalisedErasure()).isCloseTo((3 + 8) / 2.0, within(1e-12));
    assertThat(score.online().groundingShare()).isEqualTo(1);
    assertThat(score.online().expectedLatencyWords()).isZero();
    assertThat(score.cpuSecondsPerTranscriptMinute()).isCloseTo(0.5 / (13 / 150.0), within(1e-12));
  }

  @Test
  void provisionalRevisionsAreLeftOutOfTheConfirmedErasure() {
    Summarizer system =
        (document, words) ->
            new SummaryRun(
                List.of(
                    Revisions.revision(1, "1 we ship"),
                    Revisions.provisional(2, "1 we ship", "2 it rains"),
                    Revisions.revision(3, "1 we ship")),
                "we ship",
                List.of(),
                0);

    var online =
        only(SCORER.score(List.of(MEETING), system, Budget.words(4), ProgressListener.NONE))
            .online();

    assertThat(online.normalisedErasure()).isEqualTo(1);
    assertThat(online.normalisedErasureConfirmed()).isZero();
  }

  @Test
  void theListenerHearsOfEachDocumentInOrder() {
    var other = document("m2", "talks", "hello", "Hello.");
    var heard = new ArrayList<String>();

    SCORER.score(
        List.of(MEETING, other),
        ScorerTest::latestSegment,
        Budget.referenceLength(),
        (document, run, score) -> heard.add(document.id() + ": " + run.finalText()));

    assertThat(heard).containsExactly("m1: Goodbye then.", "m2: Hello.");
  }

  @Test
  void latencyInSecondsGoesByTheSpeakingRateOfTheDocument() {
    var segment = new Document.Segment(0, "one two three four", null, 0.0, 8.0);
    var document = new Document("d", "talks", null, List.of(segment), "one", List.of());
    Summarizer system =
        (d, words) ->
            new SummaryRun(List.of(), "one", List.of(new GroundedSentence(1, "one", "one", 1)), 0);

    var online =
        only(SCORER.score(List.of(document), system, Budget.words(4), ProgressListener.NONE))
            .online();

    assertThat(online.expectedLatencyWords()).isEqualTo(3);
    assertThat(online.expectedLatencySeconds()).isCloseTo(6, within(1e-12));
  }

  @Test
  void aBudgetOfNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Budget.words(0))
        .withMessage("A budget is at least 1 word, not 0");
  }

  private static SummaryRun offline(String text) {
    return new SummaryRun(List.of(), text, List.of(), 0);
  }

  private static RougeScores perfect() {
    var one = new RougeScore(1, 1, 1);
    return new RougeScores(one, one, one);
  }

  private static SetScore only(ScoreReport report) {
    assertThat(report.sets()).hasSize(1);
    return report.sets().get(0);
  }

  static Document document(String id, String set, String summary, String... segments) {
    var list = new ArrayList<Document.Segment>();
    for (var text : segments) {
      list.add(new Document.Segment(list.size(), text));
    }
    return new Document(id, set, null, list, summary, List.of());
  }
}
