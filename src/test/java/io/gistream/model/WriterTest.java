package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that write, by what a caller sees. */
class WriterTest {
  private static SummaryModel model;

  @BeforeAll
  static void load() {
    model = SummaryModel.bundled("tiny-bart", SummaryModel.Options.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static List<List<String>> talk(int number) {
    List<List<String>> talk = new ArrayList<>();
    for (WritingGoldens.Said said : GoldensTest.writingGoldens("tiny-bart").segments()) {
      talk.add(said.sentences());
    }
    Collections.shuffle(talk, new Random(number));
    return talk.subList(0, 6 + number % 3);
  }

  private static List<Reading> alone(SummaryModel model, List<List<String>> talk) {
    SegmentReader reader = model.reader();
    List<Reading> readings = new ArrayList<>();
    Memory memory = model.emptyMemory();
    for (List<String> segment : talk) {
      Reading reading = reader.read(List.of(new Read(segment, 0, memory, true))).get(0);
      memory = reading.memory();
      readings.add(reading);
    }
    return readings;
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-bart, FP32",
    "tiny-t5, FP32",
    "tiny-bart, INT8",
    "tiny-t5, INT8",
    "tiny-bart-linear, FP32",
    "tiny-t5-none, FP32",
    "tiny-bart-abc-mlp, FP32",
    "tiny-t5-abc-random, FP32",
    "tiny-t5-abc-window, FP32",
    "tiny-bart-full, FP32"
  })
  void whatIsWrittenForAStreamDoesNotDependOnTheOthers(String name, Precision precision) {
    try (SummaryModel any = SummaryModel.bundled(name, new SummaryModel.Options(2, precision))) {
      List<List<List<String>>> talks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        talks.add(talk(i));
      }
      List<List<Reading>> together = new ArrayList<>();
      talks.forEach(talk -> together.add(new ArrayList<>()));
      SegmentReader reader = any.reader();
      for (int step = 0; step < 8; step++) {
        List<Integer> going = new ArrayList<>();
        List<Read> reads = new ArrayList<>();
        for (int i = 0; i < talks.size(); i++) {
          if (step < talks.get(i).size()) {
            going.add(i);
            Memory memory = step == 0 ? any.emptyMemory() : together.get(i).get(step - 1).memory();
            reads.add(new Read(talks.get(i).get(step), 0, memory, true));
          }
        }
        List<Reading> readings = reader.read(reads);
        for (int i = 0; i < going.size(); i++) {
          together.get(going.get(i)).add(readings.get(i));
        }
      }
      try (SummaryModel single =
          SummaryModel.bundled(name, new SummaryModel.Options(1, precision))) {
        for (int i = 0; i < talks.size(); i++) {
          assertThat(together.get(i)).isEqualTo(alone(single, talks.get(i)));
        }
      }
    }
  }

  @Test
  void threadsShareAModel() throws Exception {
    List<List<Reading>> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      expected.add(alone(model, talk(i)));
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Reading>>> readings = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        List<List<String>> talk = talk(i);
        readings.add(pool.submit(() -> alone(model, talk)));
      }
      for (int i = 0; i < 4; i++) {
        assertThat(readings.get(i).get()).isEqualTo(expected.get(i));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aLookWritesTheSameAndLeavesTheMemoryAlone() {
    Memory memory = alone(model, talk(1)).get(3).memory();
    List<String> segment = talk(2).get(0);
    Reading look = model.reader().read(List.of(new Read(segment, 0, memory, false))).get(0);
    Reading fold = model.reader().read(List.of(new Read(segment, 0, memory, true))).get(0);
    assertThat(look.memory()).isSameAs(memory);
    assertThat(fold.memory()).isNotEqualTo(memory);
    assertThat(((Reading.Written) look).tokens()).isEqualTo(((Reading.Written) fold).tokens());
    assertThat(((Reading.Written) look).tokens()).isNotEmpty();
  }

  @Test
  void aForgetfulReaderMeetsEverySegmentWithTheMemoryItWasGiven() {
    SegmentReader forgetful = model.reader().forgetful();
    List<String> segment = talk(2).get(0);
    Read read = new Read(segment, 0, model.emptyMemory(), true);
    assertThat(forgetful.read(List.of(read)).get(0).memory()).isEqualTo(model.emptyMemory());
  }

  @Test
  void theMemoryIsRead() {
    List<String> segment = List.of("Maria will call the insurance this week.");
    List<String> texts = new ArrayList<>();
    for (Reading before : alone(model, talk(0))) {
      Read read = new Read(segment, 0, before.memory(), false);
      texts.add(((Reading.Written) model.reader().read(List.of(read)).get(0)).text());
    }
    assertThat(texts.stream().distinct()).hasSizeGreaterThan(1);
  }

  @Test
  void aSegmentFitsWhenItsRowHoldsAllOfIt() {
    String sentence = "The modem kept asking for a new address and never got one.";
    assertThat(model.fits(List.of(sentence))).isTrue();
    assertThat(model.fits(Collections.nCopies(4, sentence))).isFalse();
    assertThat(model.fits(Collections.nCopies(4, "Yes."))).isTrue();
    assertThat(model.fits(Collections.nCopies(5, "Yes."))).as("segmentSentences").isFalse();
    assertThat(model.fits(List.of(" ".repeat(1 << 20)))).isFalse();
    int tokens = model.countTokens(sentence) + 2;
    assertThat(tokens).isLessThan(model.manifest().limits().rowTokens());
    // the last that fits has the very length of a row
    String growing = "a";
    while (model.fits(List.of(growing + " a"))) {
      growing += " a";
    }
    assertThat(model.countTokens(growing) + 2).isEqualTo(64);
  }

  @Test
  void hostileTextIsReadLikeAnyOther() {
    for (String text :
        List.of("", " ", "a".repeat(100_000), "\ud800 \u0000 \u202e", "😀".repeat(500))) {
      Read read = new Read(List.of(text), 0, model.emptyMemory(), true);
      Reading.Written written = (Reading.Written) model.reader().read(List.of(read)).get(0);
      assertThat(written.tokens().size()).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void whatIsNoSegmentIsRefused() {
    SegmentReader reader = model.reader();
    Memory empty = model.emptyMemory();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.read(List.of(new Read(List.of(), 0, empty, true))))
        .withMessage("a segment has 0 sentences, must have 1 to 4 (limits.segmentSentences)");
    Read five = new Read(Collections.nCopies(5, "Yes."), 0, empty, true);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.read(List.of(five)))
        .withMessage("a segment has 5 sentences, must have 1 to 4 (limits.segmentSentences)");
    try (SummaryModel other = SummaryModel.bundled("tiny-t5", SummaryModel.Options.DEFAULT)) {
      Read foreign = new Read(List.of("Yes."), 0, other.emptyMemory(), true);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reader.read(List.of(foreign)))
          .withMessageContaining("memory is of model " + other.sha256().substring(0, 12));
    }
  }

  @Test
  void aModelThatWritesHasNoStepsOfItsOwn() {
    assertThatIllegalStateException()
        .isThrownBy(() -> model.encode(List.of("Yes.")))
        .withMessage(
            "model tiny-bart 0.0.1 is of family bart, which writes: it has no steps of its own, use reader()");
    assertThatIllegalStateException().isThrownBy(() -> model.decode(List.of()));
    assertThatIllegalStateException().isThrownBy(() -> model.fold(List.of()));
  }

  @Test
  void aReaderOfAClosedModelSaysSo() {
    SummaryModel closed = SummaryModel.bundled("tiny-t5", SummaryModel.Options.DEFAULT);
    SegmentReader reader = closed.reader();
    closed.close();
    assertThatIllegalStateException()
        .isThrownBy(
            () -> reader.read(List.of(new Read(List.of("Yes."), 0, closed.emptyMemory(), true))))
        .withMessageContaining("is closed");
  }
}
