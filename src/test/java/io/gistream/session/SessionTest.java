package io.gistream.session;

import static io.gistream.session.Talks.at;
import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.draft;
import static io.gistream.session.Talks.end;
import static io.gistream.session.Talks.summaries;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Read;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.session.Outcome.Dropped;
import io.gistream.session.Outcome.Missed;
import io.gistream.session.Outcome.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a chunk does to a talk, read as a specification. */
class SessionTest {
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();
  private static SummaryModel model;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyModel();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  private final LocalSummarizer talk = new LocalSummarizer("t", model, OPTIONS);

  @Test
  void everyChunkGivesOneSummaryThatCoversIt() {
    List<TranscriptChunk> chunks = Talks.talk("t", 30, 1);
    for (TranscriptChunk chunk : chunks) {
      List<RollingSummary> given = summaries(talk.accept(at(chunk.getSequence(), chunk)));
      assertThat(given).hasSize(1);
      RollingSummary summary = given.get(0);
      assertThat(summary.getRevision()).isEqualTo(chunk.getSequence() + 1);
      assertThat(summary.getCovered()).isEqualTo(new SequenceRange(0L, chunk.getSequence()));
      assertThat(summary.getFinal$()).isEqualTo(chunk.getEndOfStream());
    }
  }

  @Test
  void aSummaryNeverExceedsItsBudgetAndSaysWhereEachSentenceWasSaid() {
    LocalSummarizer small = new LocalSummarizer("t", model, OPTIONS.withBudgetWords(40));
    for (TranscriptChunk chunk : Talks.talk("t", 60, 2)) {
      RollingSummary summary = only(small.accept(at(chunk.getSequence(), chunk)));
      assertThat(summary.getText().split(" ")).hasSizeLessThanOrEqualTo(40);
      for (SummarySentence sentence : summary.getSentences()) {
        assertThat(sentence.getSource().getSequences()).isNotEmpty();
        assertThat(sentence.getSource().getSpeakers()).isNotEmpty();
        assertThat(sentence.getSource().getStartMillis())
            .isEqualTo(sentence.getSource().getSequences().get(0) * 5_000);
        assertThat(sentence.getGrounding()).isEqualTo(1f);
      }
    }
  }

  @Test
  void whatARevisionAddsAndRemovesTurnsTheOneBeforeIntoIt() {
    List<String> shown = new ArrayList<>();
    LocalSummarizer small = new LocalSummarizer("t", model, OPTIONS.withBudgetWords(40));
    for (TranscriptChunk chunk : Talks.talk("t", 60, 3)) {
      RollingSummary summary = only(small.accept(at(chunk.getSequence(), chunk)));
      shown.removeAll(summary.getRemoved());
      shown.addAll(summary.getAdded());
      assertThat(summary.getSentences())
          .extracting(SummarySentence::getText)
          .containsExactlyInAnyOrderElementsOf(shown);
    }
  }

  @Test
  void aRepeatedChunkIsDropped() {
    talk.accept(at(0, chunk("t", 0, "We ship on Friday.")));
    talk.accept(at(1, chunk("t", 1, "The budget is twelve thousand euros.")));
    List<Outcome> outcomes = talk.accept(at(2, chunk("t", 0, "We ship on Friday.")));
    assertThat(outcomes)
        .singleElement()
        .isInstanceOfSatisfying(
            Dropped.class, dropped -> assertThat(dropped.reason()).isEqualTo(Reason.DUPLICATE));
  }

  @Test
  void aChunkThatComesTooEarlyWaitsForTheMissingOne() {
    talk.accept(at(0, chunk("t", 0, "We ship on Friday.")));
    assertThat(talk.accept(at(1, chunk("t", 2, "It costs twelve thousand euros.")))).isEmpty();
    List<RollingSummary> given =
        summaries(talk.accept(at(2, chunk("t", 1, "The customer wants fewer buttons."))));
    assertThat(given).extracting(s -> s.getCovered().getLast()).containsExactly(1L, 2L);
    assertThat(given.get(1).getGaps()).isEmpty();
  }

  @Test
  void disorderWithinTheGraceChangesNothing() {
    List<TranscriptChunk> chunks = Talks.talk("t", 20, 4);
    LocalSummarizer inOrder = new LocalSummarizer("t", model, OPTIONS);
    List<RollingSummary> expected = new ArrayList<>();
    List<RollingSummary> found = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      expected.addAll(summaries(inOrder.accept(at(1, chunks.get(i)))));
      int swapped = i % 2 == 0 ? Math.min(i + 1, chunks.size() - 1) : i - 1;
      found.addAll(summaries(talk.accept(at(1, chunks.get(swapped)))));
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void aGapThatDoesNotCloseWithinTheGraceIsRecordedAndTheTalkGoesOn() {
    talk.accept(at(0, chunk("t", 0, "We ship on Friday.")));
    assertThat(talk.accept(at(1, chunk("t", 2, "It costs twelve thousand euros.")))).isEmpty();
    List<Outcome> outcomes = talk.accept(at(12, chunk("t", 3, "Maria writes the report.")));
    assertThat(outcomes).contains(new Missed(1, 1));
    assertThat(summaries(outcomes)).hasSize(2);
    assertThat(summaries(outcomes).get(1).getGaps()).containsExactly(new SequenceRange(1L, 1L));
  }

  @Test
  void aSkipOfTenThousandIsOneGap() {
    talk.accept(at(0, chunk("t", 0, "We ship on Friday.")));
    talk.accept(at(1, chunk("t", 10_001, "It costs twelve thousand euros.")));
    RollingSummary summary =
        Talks.last(summaries(talk.accept(at(20, chunk("t", 10_002, "Maria writes the report.")))));
    assertThat(summary.getGaps()).containsExactly(new SequenceRange(1L, 10_000L));
  }

  @Test
  void tooManyWaitingChunksEndTheWait() {
    talk.accept(at(0, chunk("t", 0, "We ship on Friday.")));
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i <= OPTIONS.maxWaiting(); i++) {
      outcomes.addAll(talk.accept(at(1, chunk("t", 2 + i, "Point " + i + " is settled now."))));
    }
    assertThat(outcomes).contains(new Missed(1, 1));
    assertThat(summaries(outcomes)).hasSize(OPTIONS.maxWaiting() + 1);
  }

  @Test
  void aTalkMayCountFromOne() {
    assertThat(talk.accept(at(0, chunk("t", 1, "We ship on Friday.")))).isEmpty();
    List<Outcome> outcomes = talk.accept(at(15, chunk("t", 2, "It costs twelve thousand euros.")));
    assertThat(summaries(outcomes)).hasSize(2);
    assertThat(summaries(outcomes).get(1).getGaps()).isEmpty();
    assertThat(summaries(outcomes).get(1).getCovered()).isEqualTo(new SequenceRange(1L, 2L));
  }

  @Test
  void aBlankChunkTakesItsPlaceAndSaysNothing() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    RollingSummary before = only(talk.accept(at(1, chunk("t", 1, " \n\t "))));
    RollingSummary after = only(talk.accept(at(2, chunk("t", 2, ""))));
    assertThat(after.getText()).isEqualTo(before.getText());
    assertThat(after.getCovered().getLast()).isEqualTo(2L);
    assertThat(after.getGaps()).isEmpty();
  }

  @Test
  void aDraftShowsWhatWouldBeAndLeavesNoTrace() {
    List<TranscriptChunk> chunks = Talks.talk("t", 60, 5);
    SummaryOptions tight = OPTIONS.withBudgetWords(40);
    LocalSummarizer talk = new LocalSummarizer("t", model, tight);
    LocalSummarizer without = new LocalSummarizer("t", model, tight);
    for (TranscriptChunk chunk : chunks) {
      long sequence = chunk.getSequence();
      RollingSummary drafted =
          only(
              talk.accept(at(sequence, draft("t", sequence, "We may shi we may ship on Friday."))));
      assertThat(drafted.getProvisional()).isTrue();
      assertThat(drafted.getCovered().getLast()).isEqualTo(sequence);
      RollingSummary confirmed = only(talk.accept(at(sequence, chunk)));
      RollingSummary expected = only(without.accept(at(sequence, chunk)));
      assertThat(confirmed.getSentences()).isEqualTo(expected.getSentences());
      assertThat(confirmed.getCovered()).isEqualTo(expected.getCovered());
      assertThat(confirmed.getWordsHeard()).isEqualTo(expected.getWordsHeard());
      assertThat(confirmed.getRevision()).isEqualTo(2 * sequence + 2);
    }
  }

  @Test
  void whatIsFoldedForADraftIsReadAgain() {
    List<Read> reads = new ArrayList<>();
    SegmentReader reader = model.reader();
    SegmentReader watched =
        asked -> {
          reads.addAll(asked);
          return reader.read(asked);
        };
    LocalSummarizer talk = new LocalSummarizer("t", model, OPTIONS, watched);
    int foldedForDrafts = 0;
    for (TranscriptChunk chunk : Talks.talk("t", 40, 5)) {
      long sequence = chunk.getSequence();
      talk.accept(at(sequence, draft("t", sequence, chunk.getText())));
      foldedForDrafts += (int) reads.stream().filter(Read::fold).count();
      assertThat(reads).isNotEmpty().noneMatch(Read::last);
      reads.clear();
      talk.accept(at(sequence, chunk));
      assertThat(reads).allMatch(read -> read.last() == read.fold());
      reads.clear();
    }
    assertThat(foldedForDrafts).isPositive();
  }

  @Test
  void aDraftOfAConfirmedChunkIsDropped() {
    talk.accept(at(0, chunk("t", 0, "We ship on Friday.")));
    assertThat(talk.accept(at(1, draft("t", 0, "We sip on Friday."))).get(0))
        .isInstanceOfSatisfying(
            Dropped.class, dropped -> assertThat(dropped.reason()).isEqualTo(Reason.STALE_DRAFT));
  }

  @Test
  void everyDraftOfAChunkStandsForItself() {
    LocalSummarizer without = new LocalSummarizer("t", model, OPTIONS);
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    without.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    List<String> heard =
        List.of(
            "The budget is ten thousand euros.",
            "The budget is eleven thousand euros.",
            "The budget is twenty thousand euros.");
    for (String text : heard) {
      RollingSummary drafted = only(talk.accept(at(1, draft("t", 1, text))));
      assertThat(drafted.getProvisional()).isTrue();
      assertThat(drafted.getText()).contains(text);
    }
    RollingSummary confirmed =
        only(talk.accept(at(2, chunk("t", 1, "The budget is twelve thousand euros."))));
    RollingSummary expected =
        only(without.accept(at(2, chunk("t", 1, "The budget is twelve thousand euros."))));
    assertThat(confirmed.getSentences()).isEqualTo(expected.getSentences());
    assertThat(confirmed.getText()).doesNotContain("twenty");
    assertThat(reason(talk.accept(at(3, draft("t", 1, "The budget is twenty.")))))
        .isEqualTo(Reason.STALE_DRAFT);
  }

  @Test
  void aDraftOfAChunkThatWaitsChangesNothing() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, chunk("t", 2, "The budget is twelve thousand euros.")));
    assertThat(reason(talk.accept(at(1, draft("t", 2, "The budget is twenty.")))))
        .isEqualTo(Reason.EARLY_DRAFT);
    RollingSummary drafted = only(talk.accept(at(2, draft("t", 1, "Maria will write."))));
    assertThat(drafted.getCovered().getLast()).isEqualTo(1L);
    List<RollingSummary> given =
        summaries(talk.accept(at(3, chunk("t", 1, "Maria will write the report."))));
    assertThat(given).extracting(s -> s.getCovered().getLast()).containsExactly(1L, 2L);
    assertThat(given.get(1).getText()).contains("twelve thousand").doesNotContain("twenty");
  }

  @Test
  void aDraftThatIsNeverConfirmedIsAGap() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, draft("t", 1, "This was a draft and nothing else.")));
    talk.accept(at(2, chunk("t", 2, "The budget is twelve thousand euros.")));
    List<Outcome> outcomes =
        talk.accept(at(30, chunk("t", 3, "Maria will write the report by then.")));
    assertThat(outcomes).contains(new Missed(1, 1));
    RollingSummary summary = Talks.last(summaries(outcomes));
    assertThat(summary.getGaps()).containsExactly(new SequenceRange(1L, 1L));
    assertThat(summary.getText()).doesNotContain("draft");
  }

  @Test
  void aTalkThatIsSentAgainBehindItsEndIsNoOtherTalkDraftsIncluded() {
    List<TranscriptChunk> chunks = Talks.talk("t", 6, 9);
    for (TranscriptChunk chunk : chunks) {
      talk.accept(at(chunk.getSequence(), chunk));
    }
    for (TranscriptChunk chunk : chunks) {
      Said draft = at(10, draft("t", chunk.getSequence(), "Something like that, I mean."));
      assertThat(reason(talk.accept(draft))).isEqualTo(Reason.STALE_DRAFT);
      assertThat(reason(talk.accept(at(10, chunk)))).isEqualTo(Reason.DUPLICATE);
    }
  }

  @Test
  void aCorrectionBehindTheEndIsTooLateAndNotARepetition() {
    StoredTalk stored = new StoredTalk("t", model, OPTIONS);
    List<TranscriptChunk> chunks = Talks.talk("t", 8, 10);
    for (TranscriptChunk chunk : chunks) {
      if (chunk.getSequence() != 4) {
        talk.accept(at(chunk.getSequence() * 20, chunk));
        stored.accept(at(chunk.getSequence() * 20, chunk));
      }
    }
    List<Said> behind =
        List.of(
            at(200, chunk("t", 6, "It was said otherwise.")), // another content
            at(201, chunks.get(4)), // missing until now
            at(202, chunks.get(6)), // once more
            at(203, chunk("t", 8, "Another talk goes on with the numbers.")),
            at(204, chunk("t", 6, "It was said otherwise.")),
            at(205, chunks.get(6)));
    List<List<Outcome>> outcomes = behind.stream().map(talk::accept).toList();
    assertThat(behind.stream().map(stored::accept).toList()).isEqualTo(outcomes);
    assertThat(reason(outcomes.get(0))).isEqualTo(Reason.TOO_LATE);
    assertThat(reason(outcomes.get(1))).isEqualTo(Reason.TOO_LATE);
    assertThat(reason(outcomes.get(2))).isEqualTo(Reason.DUPLICATE);
    assertThat(only(outcomes.get(3)).getEpoch()).isEqualTo(1);
    assertThat(reason(outcomes.get(4))).isEqualTo(Reason.TOO_LATE);
    assertThat(reason(outcomes.get(5))).isEqualTo(Reason.DUPLICATE);
  }

  @Test
  void theEndMarkerGivesTheFinalSummaryAndTheNextChunkBeginsAnotherTalk() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    RollingSummary last = only(talk.accept(at(1, end("t", 1))));
    assertThat(last.getFinal$()).isTrue();
    assertThat(last.getProvisional()).isFalse();
    assertThat(last.getText()).isNotEmpty();
    assertThat(talk.accept(at(2, end("t", 1))).get(0)).isInstanceOf(Dropped.class);
    RollingSummary next = only(talk.accept(at(3, chunk("t", 2, "Another talk begins here now."))));
    assertThat(next.getEpoch()).isEqualTo(1);
    assertThat(next.getRevision()).isEqualTo(1);
    assertThat(next.getCovered()).isEqualTo(new SequenceRange(2L, 2L));
    assertThat(next.getText()).doesNotContain("Friday");
  }

  @Test
  void silenceEndsATalkAndANewOneMayCountFromTheBeginning() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    double muchLater = OPTIONS.idleTimeout().toSeconds() + 5;
    List<RollingSummary> given =
        summaries(
            talk.accept(at(muchLater, chunk("t", 0, "Another talk begins here this morning."))));
    assertThat(given).hasSize(2);
    assertThat(given.get(0).getFinal$()).isTrue();
    assertThat(given.get(0).getText()).contains("Friday");
    assertThat(given.get(1).getEpoch()).isEqualTo(1);
    assertThat(given.get(1).getText()).doesNotContain("Friday");
  }

  @Test
  void afterTheRetentionAStreamIsNew() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, end("t", 1)));
    double muchLater = OPTIONS.retention().toSeconds() + 5;
    RollingSummary summary =
        only(talk.accept(at(muchLater, chunk("t", 0, "Another talk begins here."))));
    assertThat(summary.getEpoch()).isZero();
    assertThat(summary.getRevision()).isEqualTo(1);
  }

  @Test
  void closingATalkThatGoesOnAfterAllChangesNothingItSaysLater() {
    List<TranscriptChunk> chunks = Talks.talk("t", 30, 6);
    LocalSummarizer left = new LocalSummarizer("t", model, OPTIONS);
    for (TranscriptChunk chunk : chunks) {
      RollingSummary expected = only(left.accept(at(chunk.getSequence(), chunk)));
      assertThat(only(talk.accept(at(chunk.getSequence(), chunk)))).isEqualTo(expected);
      if (!chunk.getEndOfStream()) {
        RollingSummary closed = only(talk.close());
        assertThat(closed.getFinal$()).isTrue();
        assertThat(talk.close()).isEmpty();
      }
    }
  }

  @Test
  void theFinalSummaryOfASilentTalkHasTheChunksThatWaited() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, chunk("t", 5, "The budget is twelve thousand euros.")));
    RollingSummary last = only(talk.close());
    assertThat(last.getFinal$()).isTrue();
    assertThat(last.getCovered().getLast()).isEqualTo(5L);
    assertThat(last.getGaps()).containsExactly(new SequenceRange(1L, 4L));
    assertThat(last.getText()).contains("twelve thousand");
  }

  @Test
  void closingATalkWithChunksThatWaitChangesNothingItSaysLater() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, chunk("t", 2, "The budget is twelve thousand euros.")));
    talk.close();
    List<RollingSummary> given =
        summaries(talk.accept(at(2, chunk("t", 1, "Maria will write the report."))));
    assertThat(given).extracting(s -> s.getCovered().getLast()).containsExactly(1L, 2L);
    assertThat(given.get(1).getGaps()).isEmpty();
  }

  @Test
  void aTalkOfNothingButADraftCanBeClosed() {
    talk.accept(at(0, draft("t", 0, "We may ship on Friday.")));
    assertThat(talk.close()).isEmpty();
    assertThat(talk.state().getClosed()).isTrue();
  }

  @Test
  void chunksNumberedBehindTheEndDoNotReachTheNextTalk() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, chunk("t", 3, "This is from the old talk for sure.")));
    List<Outcome> outcomes = talk.accept(at(2, end("t", 1)));
    assertThat(outcomes).hasAtLeastOneElementOfType(Dropped.class);
    double later = OPTIONS.idleTimeout().toSeconds() + 60;
    for (int i = 0; i < 5; i++) {
      RollingSummary summary =
          only(talk.accept(at(later + i, chunk("t", i, "New talk point " + i + " is settled."))));
      assertThat(summary.getText()).doesNotContain("old talk");
      assertThat(summary.getGaps()).isEmpty();
    }
  }

  @Test
  void aDraftBehindTheEndDoesNotKeepTheNextTalkFromTheBeginning() {
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, end("t", 1)));
    talk.accept(at(2, draft("t", 2, "Bye everybody, see you all.")));
    double later = OPTIONS.idleTimeout().toSeconds() + 60;
    RollingSummary summary =
        Talks.last(
            summaries(talk.accept(at(later, chunk("t", 0, "Another talk begins here today.")))));
    assertThat(summary.getText()).contains("Another talk");
  }

  @Test
  void oneOutlierDoesNotEndAHealthyTalk() {
    for (int i = 0; i < 60; i++) {
      if (i == 5) {
        talk.accept(at(i, chunk("t", 9_000_000, "A number out of nowhere.")));
      }
      RollingSummary summary =
          only(talk.accept(at(i, chunk("t", i, "Point " + i + " of the plan is settled."))));
      assertThat(summary.getCovered().getLast()).isEqualTo((long) i);
    }
  }

  @Test
  void aLongChunkGivesOneSummaryHoweverManySegmentsItHas() {
    StringBuilder text = new StringBuilder();
    for (TranscriptChunk chunk : Talks.talk("t", 200, 7)) {
      text.append(chunk.getText()).append(' ');
    }
    RollingSummary summary = only(talk.accept(at(0, chunk("t", 0, text.toString()))));
    assertThat(summary.getSentences()).isNotEmpty();
    assertThat(summary.getWordsHeard()).isGreaterThan(1000);
  }

  @Test
  void aTalkThatIsSavedAndResumedAfterEveryChunkSaysTheSame() {
    List<TranscriptChunk> chunks = Talks.talk("t", 40, 8);
    StoredTalk stored = new StoredTalk("t", model, OPTIONS);
    for (TranscriptChunk chunk : chunks) {
      RollingSummary expected = only(talk.accept(at(chunk.getSequence(), chunk)));
      assertThat(only(stored.accept(at(chunk.getSequence(), chunk)))).isEqualTo(expected);
    }
  }

  @Test
  void chunksThatWereLetGoInSilenceStayLetGoWhenTheTalkIsResumed() {
    double later = OPTIONS.idleTimeout().toSeconds() + 60;
    List<Said> arrivals = new ArrayList<>();
    arrivals.add(at(0, chunk("t", 0, "We begin with the budget of the project.")));
    arrivals.add(at(1, chunk("t", 2, "It waits for the one before it.")));
    arrivals.add(at(later, chunk("t", 2, "It comes once more, and is let go.")));
    arrivals.add(at(later + 1, draft("t", 3, "Another talk begins")));
    arrivals.add(at(later + 2, chunk("t", 3, "Another talk begins with this sentence.")));
    arrivals.add(at(later + 3, draft("t", 4, "And it goes on")));
    LocalSummarizer straight = new LocalSummarizer("t", model, OPTIONS);
    StoredTalk stored = new StoredTalk("t", model, OPTIONS);
    for (Said said : arrivals) {
      assertThat(summaries(stored.accept(said))).isEqualTo(summaries(straight.accept(said)));
    }
  }

  @Test
  void timesThatRunBackwardsAreTakenAsTheyAre() {
    TranscriptChunk first = timed(0, "We ship the new release on Friday.", 90_000L, 95_000L);
    TranscriptChunk second = timed(1, "It costs twelve thousand euros.", 10_000L, 5_000L);
    talk.accept(at(100, first));
    RollingSummary summary = only(talk.accept(at(50, second)));
    assertThat(summary.getStartMillis()).isEqualTo(10_000L);
  }

  private static TranscriptChunk timed(long sequence, String text, long start, long end) {
    return new TranscriptChunk(
        "t", sequence, text, null, start, end, ChunkStatus.CONFIRMED, false, Map.of());
  }

  private static Reason reason(List<Outcome> outcomes) {
    assertThat(outcomes).singleElement().isInstanceOf(Dropped.class);
    return ((Dropped) outcomes.get(0)).reason();
  }

  private static RollingSummary only(List<Outcome> outcomes) {
    assertThat(summaries(outcomes)).hasSize(1);
    return summaries(outcomes).get(0);
  }
}
