package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.gistream.model.SummaryModel.Options;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SummaryModelTest {
  private final SummaryModel model = SummaryModel.bundled("tiny", Options.DEFAULT);

  @AfterEach
  void close() {
    model.close();
  }

  private List<EncodedSentence> said(int sentences) {
    return model.encode(IntStream.range(0, sentences).mapToObj(i -> "Point " + i + ".").toList());
  }

  @Test
  void aStateIsAUnitVectorAlsoOfABlankSentence() {
    for (EncodedSentence sentence : model.encode(List.of("We ship on Friday.", "", " \t"))) {
      double squares = 0;
      for (float value : sentence.state()) {
        squares += (double) value * value;
      }
      assertThat(sentence.state()).hasSize(model.manifest().dims().encoder());
      assertThat(squares).isBetween(0.9999, 1.0001);
    }
  }

  @Test
  void theTextOfAnEncodedSentenceIsTheTextGiven() {
    List<String> texts = List.of("", "a\0\uD83D", "word ".repeat(500), "Last.");
    assertThat(model.encode(texts).stream().map(EncodedSentence::text).toList()).isEqualTo(texts);
  }

  @Test
  void nothingComesOfNothing() {
    assertThat(model.encode(List.of())).isEmpty();
    assertThat(model.decode(List.of())).isEmpty();
    assertThat(model.fold(List.of())).isEmpty();
    assertThat(model.countTokens("")).isZero();
  }

  @Test
  void aSegmentHasALogitForEachOfItsSentences() {
    List<Segment> segments =
        IntStream.rangeClosed(1, 4)
            .mapToObj(n -> new Segment(said(n), 0, model.emptyMemory()))
            .toList();
    assertThat(model.decode(segments).stream().map(logits -> logits.length).toList())
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void whatWasSaidBeforeChangesTheSalience() {
    List<EncodedSentence> sentences = said(3);
    Memory memory = model.emptyMemory();
    for (int i = 0; i < 3; i++) {
      memory = model.fold(List.of(new Segment(sentences, 0, memory))).get(0);
    }
    assertThat(model.decode(List.of(new Segment(sentences, 0, memory))).get(0))
        .isNotEqualTo(model.decode(List.of(new Segment(sentences, 0, model.emptyMemory()))).get(0));
  }

  @Test
  void whatWasAnticipatedIsReadTheSameAndNotEncodedAgain() {
    List<String> sentences = List.of("We ship on Friday.", "The budget is twelve thousand euros.");
    Read read = new Read(sentences, 0, model.emptyMemory(), true);
    var expected = (Reading.Scored) model.reader().read(List.of(read)).get(0);
    SegmentReader reader = model.reader();
    reader.anticipate(sentences);
    long encoded = encoderRuns();
    var got = (Reading.Scored) reader.read(List.of(read)).get(0);
    assertThat(encoderRuns()).isEqualTo(encoded);
    assertThat(got.salience()).isEqualTo(expected.salience());
    assertThat(got.memory()).isEqualTo(expected.memory());
  }

  private long encoderRuns() {
    return model.use().stream()
        .filter(use -> use.graph().equals("encoder"))
        .mapToLong(GraphUse::runs)
        .sum();
  }

  @Test
  void aSegmentOfTooManySentencesIsRefused() {
    Segment segment = new Segment(said(5), 0, model.emptyMemory());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.decode(List.of(segment)))
        .withMessage(
            "a segment has 5 sentences, limit 4 (limits.segmentSentences); give it as several");
    assertThatIllegalArgumentException().isThrownBy(() -> model.fold(List.of(segment)));
  }

  @Test
  void aSegmentHasSentencesAndAPlaceInTheStream() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Segment(List.of(), 0, model.emptyMemory()))
        .withMessage("a segment has no sentence; it needs at least one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Segment(said(1), -1, model.emptyMemory()))
        .withMessage("sentencesBefore is -1, must be 0 or more");
  }

  @Test
  void aSentenceThatAnotherModelEncodedIsRefused() {
    var foreign = new EncodedSentence("Hello.", new float[384]);
    Segment segment = new Segment(List.of(foreign), 0, model.emptyMemory());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.decode(List.of(segment)))
        .withMessage(
            "a sentence's state has 384 floats, model %s has 32; encode it with this model"
                .formatted(model.sha256().substring(0, 12)));
  }

  @Test
  void aModelRunsOnAtLeastOneThread() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Options(0))
        .withMessage("intraOpThreads is 0, must be 1 or more");
  }

  @Test
  void aClosedModelSaysSo() {
    Segment segment = new Segment(said(1), 0, model.emptyMemory());
    model.close();
    model.close();
    for (Runnable call :
        List.<Runnable>of(
            () -> model.encode(List.of("Hello.")),
            () -> model.countTokens("Hello."),
            () -> model.decode(List.of(segment)),
            () -> model.fold(List.of(segment)))) {
      assertThatIllegalStateException()
          .isThrownBy(call::run)
          .withMessage("model tiny 0.0.1 is closed");
    }
    assertThat(model.manifest().name()).isEqualTo("tiny");
    assertThat(model.memory(segment.memory().toBytes())).isEqualTo(segment.memory());
  }

  @Test
  void closingWaitsForTheCallsThatRun() throws Exception {
    int threads = 4;
    CountDownLatch running = new CountDownLatch(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        calls.add(pool.submit(() -> callUntilClosed(running)));
      }
      running.await();
      model.close();
      for (Future<Integer> call : calls) {
        assertThat(call.get()).isPositive();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Number of calls that came back before the model was closed; each must be whole. */
  private int callUntilClosed(CountDownLatch running) {
    List<String> sentences = Collections.nCopies(20, "We ship on Friday.");
    int calls = 0;
    try {
      while (true) {
        List<EncodedSentence> encoded = model.encode(sentences);
        Segment segment = new Segment(encoded.subList(0, 4), calls, model.emptyMemory());
        model.decode(List.of(segment));
        model.fold(List.of(segment));
        if (calls++ == 0) {
          running.countDown();
        }
      }
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("model tiny 0.0.1 is closed");
      return calls;
    }
  }

  @Test
  void threadsThatShareAModelDoNotDisturbEachOther() throws Exception {
    List<List<String>> talks = new ArrayList<>();
    List<Memory> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String number = Integer.toString(i);
      talks.add(IntStream.range(0, 40).mapToObj(n -> "Talk " + number + ", point " + n).toList());
      expected.add(listen(talks.get(i)));
    }
    ExecutorService pool = Executors.newFixedThreadPool(talks.size());
    try {
      List<Future<Memory>> memories = new ArrayList<>();
      for (List<String> talk : talks) {
        memories.add(pool.submit(() -> listen(talk)));
      }
      for (int i = 0; i < talks.size(); i++) {
        assertThat(memories.get(i).get()).isEqualTo(expected.get(i));
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(expected).doesNotHaveDuplicates();
  }

  private Memory listen(List<String> talk) {
    Memory memory = model.emptyMemory();
    for (int from = 0; from < talk.size(); from += 4) {
      List<EncodedSentence> sentences = model.encode(talk.subList(from, from + 4));
      memory = model.fold(List.of(new Segment(sentences, from, memory))).get(0);
    }
    return memory;
  }
}
