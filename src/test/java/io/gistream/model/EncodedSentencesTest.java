package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What readers remember of sentences spares the encoder work, and changes nothing else. */
class EncodedSentencesTest {
  /** A state of the tiny model is 128 bytes. */
  private static final long ABOUT_TWO_SENTENCES = 2 * 350;

  private final SummaryModel model = SummaryModel.bundled("tiny", SummaryModel.Options.DEFAULT);

  @AfterEach
  void close() {
    model.close();
  }

  private long encoderRuns() {
    return model.use().stream().filter(it -> it.graph().equals("encoder")).findFirst().get().runs();
  }

  private float[] salience(SegmentReader reader, String... sentences) {
    Read read = new Read(List.of(sentences), 0, model.emptyMemory(), false);
    return ((Reading.Scored) reader.read(List.of(read)).get(0)).salience();
  }

  @Test
  void whatOneReaderHasReadTheOthersKnow() {
    Supplier<SegmentReader> readers = model.readers(1 << 20);
    float[] first = salience(readers.get(), "We ship on Friday.", "Bob tests it.");
    long runs = encoderRuns();
    assertThat(salience(readers.get(), "We ship on Friday.", "Bob tests it.")).isEqualTo(first);
    assertThat(encoderRuns()).isEqualTo(runs);
    salience(model.reader(), "Bob tests it.");
    assertThat(encoderRuns()).isGreaterThan(runs);
  }

  @Test
  void whatWasAnticipatedIsKnown() {
    SegmentReader reader = model.readers(1 << 20).get();
    reader.anticipate(List.of("We ship on Friday."));
    long runs = encoderRuns();
    salience(reader, "We ship on Friday.");
    assertThat(encoderRuns()).isEqualTo(runs);
  }

  @Test
  void whatIsAskedForIsCountedAsKnownOrEncoded() {
    SegmentReaders readers = model.readers(1 << 20);
    assertThat(readers.use()).isEqualTo(new SentenceUse(0, 0, 0, 0));

    salience(readers.get(), "We ship on Friday.", "Bob tests it.");
    assertThat(readers.use()).extracting("hits", "misses", "folded").containsExactly(0L, 2L, 0L);
    long bytes = readers.use().bytes();
    assertThat(bytes).isBetween(2 * 128L, 2 * 400L);

    salience(readers.get(), "We ship on Friday.", "Bob tests it.", "Yes.");
    assertThat(readers.use()).extracting("hits", "misses", "folded").containsExactly(2L, 3L, 0L);
    assertThat(readers.use().bytes()).isGreaterThan(bytes);

    Read folds = new Read(List.of("Yes.", "Bob tests it."), 0, model.emptyMemory(), true);
    readers.get().read(List.of(folds, folds));
    assertThat(readers.use()).extracting("hits", "misses", "folded").containsExactly(6L, 3L, 4L);

    readers.get().anticipate(List.of("Bob tests it.", "New.", "New."));
    assertThat(readers.use()).extracting("hits", "misses", "folded").containsExactly(8L, 4L, 4L);
    assertThat(model.readers(1 << 20).use().hits()).as("others share nothing").isZero();
  }

  /** Once while there is room for what is open, at every look without. */
  @Test
  void withTooLittleRoomMoreIsEncodedThanIsFolded() {
    SegmentReaders roomy = model.readers(1 << 20);
    SegmentReaders none = model.readers(0);
    for (SegmentReaders readers : List.of(roomy, none)) {
      for (int said = 1; said <= 4; said++) {
        List<String> open = IntStream.range(0, said).mapToObj(i -> point(i)).toList();
        readers.get().read(List.of(new Read(open, 0, model.emptyMemory(), said == 4)));
      }
      assertThat(readers.use().hits() + readers.use().misses()).isEqualTo(1 + 2 + 3 + 4);
      assertThat(readers.use().folded()).isEqualTo(4);
    }
    assertThat(roomy.use().misses()).isEqualTo(4);
    assertThat(none.use().misses()).isEqualTo(10);
    assertThat(none.use().bytes()).isZero();
  }

  @Test
  void ofASegmentThatIsOverOnlyWhatIsLikelyToBeSaidAgainIsKept() {
    SegmentReaders readers = model.readers(1 << 20);
    List<String> said = List.of("Yeah.", "We ship on Friday, all being well.");
    readers.get().read(List.of(new Read(said, 0, model.emptyMemory(), false)));
    readers.get().read(List.of(new Read(said, 0, model.emptyMemory(), true)));
    assertThat(readers.use()).extracting("hits", "misses", "folded").containsExactly(2L, 2L, 2L);

    long runs = encoderRuns();
    salience(readers.get(), "Yeah.");
    assertThat(encoderRuns()).isEqualTo(runs);
    assertThat(readers.use().bytes()).isBetween(128L, 400L);
  }

  @Test
  void whatIsFoldedToBeTakenBackIsKeptAndNotCounted() {
    SegmentReaders readers = model.readers(1 << 20);
    List<String> said = List.of("We ship on Friday, all being well.");
    readers.get().read(List.of(new Read(said, 0, model.emptyMemory(), true, false)));
    readers.get().read(List.of(new Read(said, 0, model.emptyMemory(), true)));
    assertThat(readers.use()).extracting("hits", "misses", "folded").containsExactly(1L, 1L, 1L);
    assertThat(readers.use().bytes()).isZero();
  }

  @Test
  void aModelThatWritesRemembersNone() {
    try (SummaryModel writes = SummaryModel.bundled("tiny-t5", SummaryModel.Options.DEFAULT)) {
      SegmentReaders readers = writes.readers(1 << 20);
      Read read = new Read(List.of("We ship on Friday."), 0, writes.emptyMemory(), true);
      readers.get().read(List.of(read));
      assertThat(readers.use()).isEqualTo(SentenceUse.NONE);
    }
  }

  @Test
  void manyThreadsThatShareTooLittleRoomGetTheBitsThatOneGets() {
    Supplier<SegmentReader> crowded = model.readers(ABOUT_TWO_SENTENCES);
    List<float[]> expected =
        IntStream.range(0, 20).mapToObj(i -> salience(model.reader(), point(i))).toList();
    List<float[]> found =
        IntStream.range(0, 2_000)
            .parallel()
            .mapToObj(i -> salience(crowded.get(), point(i % 20)))
            .toList();
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i % 20));
    }
  }

  private static String point(int i) {
    return "Point " + i + " is agreed.";
  }

  @Test
  void withNoRoomEverythingIsEncodedAgainToTheSameBits() {
    String[] many =
        IntStream.range(0, model.manifest().limits().segmentSentences())
            .mapToObj(EncodedSentencesTest::point)
            .toArray(String[]::new);
    SegmentReader forgetful = model.readers(0).get();
    float[] first = salience(forgetful, many);
    long runs = encoderRuns();
    assertThat(salience(forgetful, many)).isEqualTo(first);
    assertThat(encoderRuns()).isGreaterThan(runs);
    assertThat(salience(model.reader(), many)).isEqualTo(first);
  }
}
