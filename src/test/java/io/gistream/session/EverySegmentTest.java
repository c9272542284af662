package io.gistream.session;

import static io.gistream.session.Talks.at;
import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.draft;
import static io.gistream.session.Talks.summaries;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.config.SummaryOptions.SummaryEvery;
import io.gistream.model.SummaryModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code summary.every=segment}: nothing that is open is looked at. */
class EverySegmentTest {
  private static final SummaryOptions OPTIONS =
      SummaryOptions.defaults().withSummaryEvery(SummaryEvery.SEGMENT);
  private static SummaryModel model;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyModel();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  private static LocalSummarizer talk(SummaryOptions options) {
    return new LocalSummarizer("t", model, options);
  }

  private static Said on(TranscriptChunk chunk) {
    return at(chunk.getSequence(), chunk);
  }

  @Test
  void wholeSentencesOfTheOpenSegmentAreAnticipated() {
    TranscriptChunk chunk = chunk("t", 0, "The budget is approved. We ship on Friday, and then");
    assertThat(anticipated(OPTIONS, chunk)).containsExactly("The budget is approved.");
    assertThat(anticipated(SummaryOptions.defaults(), chunk)).isEmpty();
  }

  private static List<String> anticipated(SummaryOptions options, TranscriptChunk chunk) {
    Session session = new Sessions(model, options).begin("t", new InMemoryWaitingRoom());
    session.offer(on(chunk));
    return session.anticipated();
  }

  @Test
  void aChunkThatFillsNoSegmentBringsNoSummary() {
    LocalSummarizer talk = talk(OPTIONS);
    long segments = 0;
    int silent = 0;
    List<TranscriptChunk> chunks = Talks.talk("t", 40, 7);
    for (TranscriptChunk chunk : chunks.subList(0, 39)) {
      List<RollingSummary> given = summaries(talk.accept(on(chunk)));
      long folded = talk.recollection().remembered().segments();
      if (folded == segments) {
        assertThat(given).isEmpty();
        silent++;
      } else {
        RollingSummary summary = given.get(given.size() - 1);
        assertThat(given).hasSize(1);
        assertThat(summary.getProvisional()).isFalse();
        assertThat(summary.getCovered().getLast()).isLessThanOrEqualTo(chunk.getSequence());
      }
      segments = folded;
    }
    assertThat(segments).isGreaterThan(5);
    assertThat(silent).isGreaterThan(5);
    RollingSummary last = summaries(talk.accept(on(chunks.get(39)))).get(0);
    assertThat(last.getFinal$()).isTrue();
    assertThat(last.getCovered().getLast()).isEqualTo(39);
  }

  @Test
  void theMemoryIsThatOfATalkWithASummaryAtEveryChunk() {
    LocalSummarizer rarely = talk(OPTIONS);
    LocalSummarizer always = talk(SummaryOptions.defaults());
    for (TranscriptChunk chunk : Talks.talk("t", 39, 8).subList(0, 38)) {
      rarely.accept(on(chunk));
      always.accept(on(chunk));
      assertThat(rarely.memory()).isEqualTo(always.memory());
    }
  }

  @Test
  void draftsBringNothing() {
    LocalSummarizer talk = talk(OPTIONS);
    assertThat(talk.accept(at(0, draft("t", 0, "We should ship the new")))).isEmpty();
    assertThat(
            talk.accept(
                at(
                    1,
                    chunk("t", 0, "We should ship the new release on Friday if the tests pass."))))
        .isEmpty();
    assertThat(talk.accept(at(2, draft("t", 1, "The budget")))).isEmpty();
    assertThat(summaries(talk.close()).get(0).getText()).contains("ship the new release");
  }

  @Test
  void aTalkThatIsReadFromItsStoreGoesOnTheSame() {
    SummaryOptions options = OPTIONS.withCheckpoints(4, 2);
    LocalSummarizer straight = talk(options);
    StoredTalk stored = new StoredTalk("t", model, options);
    for (TranscriptChunk chunk : Talks.talk("t", 40, 9)) {
      assertThat(summaries(stored.accept(on(chunk))))
          .isEqualTo(summaries(straight.accept(on(chunk))));
    }
  }

  @Test
  void afterACorrectionAllIsAsIfItHadComeLikeThat() {
    SummaryOptions options = OPTIONS.withCheckpoints(4, 64);
    List<TranscriptChunk> right = Talks.talk("t", 40, 10);
    for (int wrong : new int[] {0, 11, 24, 25}) {
      LocalSummarizer straight = talk(options);
      LocalSummarizer corrected = talk(options);
      List<RollingSummary> expected = new ArrayList<>();
      List<RollingSummary> given = new ArrayList<>();
      for (int i = 0; i < right.size(); i++) {
        TranscriptChunk first =
            i == wrong ? chunk("t", i, "Nobody ever said this. Nor was that said.") : right.get(i);
        List<RollingSummary> straightly = summaries(straight.accept(on(right.get(i))));
        List<RollingSummary> afterwards = summaries(corrected.accept(on(first)));
        if (i == 25) {
          corrected.accept(at(25.5, right.get(wrong)));
        } else if (i > 25) {
          expected.addAll(straightly);
          given.addAll(afterwards);
        }
      }
      assertThat(expected).isNotEmpty();
      assertThat(given.stream().map(RollingSummary::getSentences))
          .isEqualTo(expected.stream().map(RollingSummary::getSentences).toList());
      assertThat(given.stream().map(RollingSummary::getCovered))
          .isEqualTo(expected.stream().map(RollingSummary::getCovered).toList());
    }
  }
}
