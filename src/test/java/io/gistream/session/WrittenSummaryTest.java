package io.gistream.session;

import static io.gistream.session.Talks.at;
import static io.gistream.session.Talks.chunk;
import static io.gistream.session.Talks.draft;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.Origin;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SummaryModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a talk makes of a model that writes; where the words matter, they are made up here. */
class WrittenSummaryTest {
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();
  private static SummaryModel model;

  @BeforeAll
  static void loadModel() {
    model = Talks.tinyWriter();
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  private final Session session =
      new Sessions(model, OPTIONS).begin("t", new InMemoryWaitingRoom());
  private final List<Read> reads = new ArrayList<>();

  /** Takes a chunk, and answers whatever is to be read. */
  private List<Outcome> accept(Said said, Function<Read, Reading> reader) {
    session.offer(said);
    for (Optional<Read> read = session.wanted(); read.isPresent(); read = session.wanted()) {
      reads.add(read.get());
      session.answer(reader.apply(read.get()));
    }
    return session.takeOutcomes();
  }

  /** A model that writes this, two characters for each token of log-probability -1, -2, ... */
  private static Function<Read, Reading> writes(String text) {
    List<Reading.Token> tokens = new ArrayList<>();
    for (int end = 2; end < text.length() + 2; end += 2) {
      tokens.add(new Reading.Token(7, Math.min(end, text.length()), -1 - tokens.size()));
    }
    return read -> new Reading.Written(text, tokens, read.memory());
  }

  private static TranscriptChunk last(long sequence, String text) {
    return Talks.last("t", sequence, text);
  }

  private static RollingSummary summary(List<Outcome> outcomes) {
    return LocalSummarizer.latest(outcomes).orElseThrow();
  }

  private static List<Outcome.Ungrounded> ungrounded(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Ungrounded.class::isInstance)
        .map(Outcome.Ungrounded.class::cast)
        .toList();
  }

  private static final String TALK =
      "We should ship the new release of NASA on Friday. Maria will write the report for the board.";

  @Test
  void whatTheModelWritesIsShownWhenItIsSupportedCasedAsItWasSaid() {
    List<Outcome> outcomes =
        accept(at(0, last(0, TALK)), writes("the new nasa release ships friday, maria reports."));
    RollingSummary summary = summary(outcomes);
    // Maria begins a sentence where she is named, so nothing says that it is a name
    assertThat(summary.getText()).isEqualTo("The new NASA release ships Friday, maria reports.");
    SummarySentence sentence = summary.getSentences().get(0);
    assertThat(sentence.getOrigin()).isEqualTo(Origin.GENERATED);
    assertThat(sentence.getSource().getSequences()).containsExactly(0L);
    assertThat(sentence.getGrounding()).isBetween(0.5f, 0.9f);
    assertThat(ungrounded(outcomes)).isEmpty();
  }

  @Test
  void whatNobodySaidIsReplacedByWhatWasSaidAndCounted() {
    List<Outcome> outcomes =
        accept(
            at(0, last(0, TALK)),
            writes("The release costs 99 euros for NASA. Maria fires the board and the report."));
    RollingSummary summary = summary(outcomes);
    assertThat(summary.getSentences())
        .extracting(SummarySentence::getText)
        .containsExactly(
            "We should ship the new release of NASA on Friday.",
            "Maria will write the report for the board.");
    assertThat(summary.getSentences())
        .extracting(SummarySentence::getOrigin)
        .containsOnly(Origin.REPLACED);
    assertThat(summary.getSentences()).allMatch(sentence -> sentence.getGrounding() == 1f);
    assertThat(ungrounded(outcomes)).containsExactly(new Outcome.Ungrounded(2, 0));
  }

  @Test
  void whatCannotBeReplacedIsRemovedAndCounted() {
    List<Outcome> outcomes =
        accept(
            at(0, last(0, "Yes, okay. Right.")),
            writes("Brown ponies eat green apples. White ponies eat red apples."));
    assertThat(summary(outcomes).getSentences()).isEmpty();
    assertThat(ungrounded(outcomes)).containsExactly(new Outcome.Ungrounded(0, 2));
  }

  @Test
  void whatIsTrueButSaysTooLittleIsLeftOutAndWhatIsFalseIsReplacedHoweverShort() {
    List<Outcome> outcomes =
        accept(at(0, last(0, TALK)), writes("The board. It is what it is. !? Ponies."));
    assertThat(summary(outcomes).getSentences())
        .singleElement()
        .matches(sentence -> sentence.getOrigin() == Origin.REPLACED);
    assertThat(ungrounded(outcomes)).containsExactly(new Outcome.Ungrounded(1, 0));
  }

  @Test
  void aLookAtAnOpenSegmentAndADraftAreNotCounted() {
    Function<Read, Reading> wrong = writes("Ponies like green apples on the moon.");
    assertThat(ungrounded(accept(at(0, draft("t", 0, TALK)), wrong))).isEmpty();
    List<Outcome> look = accept(at(1, chunk("t", 0, "We ship the new release on Friday.")), wrong);
    assertThat(summary(look).getProvisional()).isTrue();
    assertThat(summary(look).getSentences()).hasSize(1);
    assertThat(ungrounded(look)).isEmpty();
    assertThat(ungrounded(accept(at(2, last(1, "It is done.")), wrong)))
        .containsExactly(new Outcome.Ungrounded(1, 0));
  }

  @Test
  void theSalienceOfASentenceIsTheMeanOfItsTokens() {
    String first = "We ship the new release on Friday.";
    RollingSummary summary =
        summary(
            accept(
                at(0, last(0, TALK)),
                writes(first + " Maria will write the report for the board.")));
    List<SummarySentence> sentences = summary.getSentences();
    assertThat(sentences).hasSize(2);
    // 34 characters: tokens -1 to -17; then -18 to -39
    assertThat(sentences.get(0).getSalience()).isEqualTo(-9f);
    assertThat(sentences.get(1).getSalience()).isEqualTo(-28.5f);
    assertThat(sentences.get(0).getId()).isLessThan(sentences.get(1).getId());
  }

  @Test
  void aSentenceMayRestOnWhatWasSaidBeforeAndCitesIt() {
    accept(
        at(0, chunk("t", 0, ("The new release ships on Friday at noon in Frankfurt. ").repeat(4))),
        writes("The new release ships on Friday."));
    assertThat(reads).anyMatch(Read::fold);
    RollingSummary summary =
        summary(
            accept(
                at(1, last(1, "Maria will write the report for the board.")),
                writes("Maria will write a report on the release.")));
    SummarySentence sentence = summary.getSentences().get(1);
    assertThat(sentence.getText()).isEqualTo("Maria will write a report on the release.");
    assertThat(sentence.getOrigin()).isEqualTo(Origin.GENERATED);
    assertThat(sentence.getSource().getSequences()).containsExactly(0L, 1L);
    assertThat(sentence.getSource().getSpeakers()).containsExactly("Ann", "Bob");
    assertThat(sentence.getSource().getStartMillis()).isEqualTo(0);
    assertThat(sentence.getSource().getEndMillis()).isEqualTo(9_000);
  }

  @Test
  void idsRiseAndNeverMeetHoweverMuchIsWritten() {
    List<Long> ids = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append("We ship the new release on Friday. ");
    }
    for (int i = 0; i < 5; i++) {
      accept(
          at(i, chunk("t", i, "We ship the new release on Friday. ".repeat(5))),
          writes(text.toString()));
    }
    session.recollection().now().candidates().forEach(candidate -> ids.add(candidate.getId()));
    assertThat(ids).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(40);
  }

  @Test
  void everySentenceSaidIsReadInASegmentThatFitsTheModel() {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      StringBuilder text = new StringBuilder();
      for (int s = 0; s < 6; s++) {
        String sentence =
            s == 3 && i % 7 == 0
                ? "word" + i + " went on and on until nobody knew".repeat(4) + " why."
                : "Sentence " + s + " of chunk " + i + " was said about the modem.";
        said.add(sentence);
        text.append(sentence).append(' ');
      }
      accept(
          at(i, i == 29 ? last(i, text.toString()) : chunk("t", i, text.toString())), writes(""));
    }
    List<String> folded = new ArrayList<>();
    int alone = 0;
    for (Read read : reads) {
      boolean fits = model.fits(read.sentences());
      assertThat(fits || read.sentences().size() == 1).as("%s", read.sentences()).isTrue();
      alone += fits ? 0 : 1;
      if (read.fold()) {
        folded.addAll(read.sentences());
      }
    }
    assertThat(folded).isEqualTo(said);
    assertThat(alone).as("sentences longer than a row").isPositive();
  }

  @Test
  void aTalkThatIsSavedAndResumedAfterEveryChunkSaysTheSame() {
    LocalSummarizer talk = new LocalSummarizer("t", model, OPTIONS);
    StoredTalk stored = new StoredTalk("t", model, OPTIONS);
    for (TranscriptChunk chunk : Talks.talk("t", 20, 8)) {
      Said said = at(chunk.getSequence(), chunk);
      assertThat(stored.accept(said)).isEqualTo(talk.accept(said));
    }
  }
}
