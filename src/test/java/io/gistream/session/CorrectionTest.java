package io.gistream.session;

import static io.gistream.session.Talks.at;
import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.summaries;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.session.Outcome.Corrected;
import io.gistream.session.Outcome.Dropped;
import io.gistream.session.Outcome.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sequence number that comes again: with the same content, with other content, or late. */
class CorrectionTest {
  /** Far enough back for every chunk of these talks. */
  private static final int ALL = 64;

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

  private static LocalSummarizer talk(int interval, int horizon) {
    return new LocalSummarizer("t", model, OPTIONS.withCheckpoints(interval, horizon));
  }

  private static Said on(TranscriptChunk chunk) {
    return at(chunk.getSequence(), chunk);
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "4, 64", "16, 64"})
  void afterACorrectionAllIsAsIfItHadComeLikeThat(int interval, int horizon) {
    List<TranscriptChunk> right = Talks.talk("t", 30, 1);
    for (int wrong : new int[] {0, 11, 24}) {
      LocalSummarizer straight = talk(interval, horizon);
      LocalSummarizer corrected = talk(interval, horizon);
      for (int i = 0; i < right.size(); i++) {
        TranscriptChunk first =
            i == wrong ? chunk("t", i, "Nobody ever said this. Nor was that said.") : right.get(i);
        RollingSummary expected = only(straight.accept(on(right.get(i))));
        RollingSummary given = only(corrected.accept(on(first)));
        if (i > 25) {
          assertSame(given, expected);
        }
        if (i == 25) {
          List<Outcome> outcomes = corrected.accept(at(25.5, right.get(wrong)));
          assertThat(outcomes).first().isEqualTo(new Corrected(wrong));
          RollingSummary revised = only(outcomes);
          assertSame(revised, expected);
          assertThat(revised.getRevision()).isEqualTo(given.getRevision() + 1);
          if (i < right.size() - 1) {
            assertThat(corrected.memory()).isEqualTo(straight.memory());
          }
        }
      }
    }
  }

  @Test
  void aMissingChunkStillFillsItsGap() {
    List<TranscriptChunk> talk = Talks.talk("t", 20, 2);
    LocalSummarizer straight = talk(4, ALL);
    LocalSummarizer late = talk(4, ALL);
    for (int i = 0; i < 15; i++) {
      straight.accept(on(talk.get(i)));
      if (i != 6) {
        late.accept(on(talk.get(i)));
      }
    }
    // time goes by until the wait for chunk 6 is over
    straight.accept(at(100, talk.get(15)));
    RollingSummary without = Talks.last(summaries(late.accept(at(100, talk.get(15)))));
    assertThat(without.getGaps()).hasSize(1);
    RollingSummary with = only(late.accept(at(101, talk.get(6))));
    assertThat(with.getGaps()).isEmpty();
    assertThat(with.getWordsHeard()).isGreaterThan(without.getWordsHeard());
    assertSame(
        only(late.accept(at(102, talk.get(16)))), only(straight.accept(at(102, talk.get(16)))));
  }

  @Test
  void whatIsTooFarBackIsRefusedAndTheSummaryStays() {
    LocalSummarizer talk = talk(2, 1);
    List<TranscriptChunk> chunks = Talks.talk("t", 40, 3);
    for (TranscriptChunk chunk : chunks.subList(0, 39)) {
      talk.accept(on(chunk));
    }
    assertThat(reason(talk.accept(at(50, chunk("t", 3, "We never said that.")))))
        .isEqualTo(Reason.TOO_LATE);
    assertThat(reason(talk.accept(at(50, chunks.get(3))))).isEqualTo(Reason.DUPLICATE);
  }

  /** Whether a correction is taken in depends on the segments since, not on the checkpoints. */
  @Test
  void checkpointsChangeNothing() {
    List<List<Outcome>> expected = outcomes(new TalkOf(1, 3));
    assertThat(expected.stream().flatMap(List::stream).filter(Corrected.class::isInstance))
        .hasSizeGreaterThan(10);
    assertThat(expected.stream().flatMap(List::stream).filter(CorrectionTest::isTooLate))
        .hasSizeGreaterThan(10);
    assertThat(outcomes(new TalkOf(16, 3))).isEqualTo(expected);
    assertThat(outcomes(new TalkOf(5, 3))).isEqualTo(expected);
    StoredTalk stored = new StoredTalk("t", model, OPTIONS.withCheckpoints(4, 3));
    assertThat(outcomes(stored::accept)).isEqualTo(expected);
  }

  /** A correction may say much less, and then fewer segments lie between a chunk and the end. */
  @Test
  void whatIsLeftBehindStaysSoWhateverACorrectionTakesAway() {
    List<List<Outcome>> expected = shortened(new TalkOf(1, 2));
    assertThat(expected.stream().flatMap(List::stream).filter(Corrected.class::isInstance))
        .hasSizeGreaterThan(10);
    assertThat(expected.stream().flatMap(List::stream).filter(CorrectionTest::isTooLate))
        .hasSizeGreaterThan(10);
    assertThat(shortened(new TalkOf(4, 2))).isEqualTo(expected);
    assertThat(shortened(new TalkOf(16, 2))).isEqualTo(expected);
    StoredTalk stored = new StoredTalk("t", model, OPTIONS.withCheckpoints(3, 2));
    assertThat(shortened(stored::accept)).isEqualTo(expected);
  }

  private static List<List<Outcome>> shortened(Accepting talk) {
    Random random = new Random(6);
    List<List<Outcome>> outcomes = new ArrayList<>();
    for (TranscriptChunk chunk : Talks.talk("t", 90, 12).subList(0, 89)) {
      long sequence = chunk.getSequence();
      outcomes.add(talk.accept(at(sequence, chunk)));
      for (int i = random.nextInt(3); i > 0; i--) {
        long back = Math.max(0, sequence - random.nextInt(14));
        outcomes.add(talk.accept(at(sequence, chunk("t", back, "No: " + i + "."))));
      }
    }
    return outcomes;
  }

  private interface Accepting {
    List<Outcome> accept(Said said);
  }

  private static final class TalkOf implements Accepting {
    private final LocalSummarizer talk;

    TalkOf(int interval, int horizon) {
      talk = talk(interval, horizon);
    }

    @Override
    public List<Outcome> accept(Said said) {
      return talk.accept(said);
    }
  }

  private static List<List<Outcome>> outcomes(Accepting talk) {
    Random random = new Random(5);
    List<TranscriptChunk> chunks = new ArrayList<>(Talks.talk("t", 80, 4));
    chunks.remove(79);
    List<List<Outcome>> outcomes = new ArrayList<>();
    double seconds = 0;
    for (TranscriptChunk chunk : chunks) {
      seconds += 1;
      if (random.nextInt(10) > 0) {
        outcomes.add(talk.accept(at(seconds, chunk)));
      }
      int back = random.nextInt(12);
      if (chunk.getSequence() >= back && random.nextInt(2) == 0) {
        long sequence = chunk.getSequence() - back;
        outcomes.add(
            talk.accept(
                at(
                    seconds,
                    chunk("t", sequence, "Correction of point " + random.nextInt() + "."))));
      }
    }
    return outcomes;
  }

  private static boolean isTooLate(Outcome outcome) {
    return outcome instanceof Dropped dropped && dropped.reason() == Reason.TOO_LATE;
  }

  @Test
  void aWaitingChunkIsReplaced() {
    LocalSummarizer talk = talk(4, 2);
    talk.accept(at(0, chunk("t", 0, "We ship on Friday.")));
    assertThat(talk.accept(at(1, chunk("t", 2, "It costs ten euros.")))).isEmpty();
    assertThat(talk.accept(at(2, chunk("t", 2, "It costs twelve thousand euros."))))
        .singleElement()
        .isInstanceOfSatisfying(
            Dropped.class,
            dropped -> {
              assertThat(dropped.reason()).isEqualTo(Reason.REPLACED);
              assertThat(dropped.said().chunk().getText()).contains("ten euros");
            });
    List<RollingSummary> given =
        summaries(talk.accept(at(3, chunk("t", 1, "The customer wants fewer buttons."))));
    assertThat(given.get(1).getText()).contains("twelve thousand").doesNotContain("ten euros");
  }

  @Test
  void theEndMarkerMayComeAgainOnTheLastChunk() {
    LocalSummarizer talk = talk(4, 2);
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    RollingSummary summary =
        only(talk.accept(at(1, Talks.last("t", 0, "We ship the new release on Friday."))));
    assertThat(summary.getFinal$()).isTrue();
    assertThat(talk.state().getEnded()).isTrue();
  }

  @Test
  void anotherTalkMayBeginAtZeroBehindTheEnd() {
    LocalSummarizer talk = talk(4, 2);
    talk.accept(at(0, chunk("t", 0, "We ship the new release on Friday.")));
    talk.accept(at(1, Talks.end("t", 1)));
    assertThat(reason(talk.accept(at(2, chunk("t", 0, "We ship the new release on Friday.")))))
        .isEqualTo(Reason.DUPLICATE);
    RollingSummary summary =
        only(talk.accept(at(3, chunk("t", 0, "The budget is twelve thousand euros."))));
    assertThat(summary.getEpoch()).isEqualTo(1);
    assertThat(summary.getText()).doesNotContain("Friday");
  }

  private static void assertSame(RollingSummary given, RollingSummary expected) {
    assertThat(given.getText()).isEqualTo(expected.getText());
    assertThat(given.getSentences()).isEqualTo(expected.getSentences());
    assertThat(given.getWordsHeard()).isEqualTo(expected.getWordsHeard());
    assertThat(given.getCovered()).isEqualTo(expected.getCovered());
    assertThat(given.getGaps()).isEqualTo(expected.getGaps());
  }

  private static Reason reason(List<Outcome> outcomes) {
    assertThat(outcomes).hasSize(1);
    return ((Dropped) outcomes.get(0)).reason();
  }

  private static RollingSummary only(List<Outcome> outcomes) {
    assertThat(summaries(outcomes)).hasSize(1);
    return summaries(outcomes).get(0);
  }
}
