package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.model.SummaryModel.Options;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes out for a sentence or a segment has the same bits whatever shared its batch, in
 * whatever order, on one thread or two: exactly-once replay rests on it. Run on the graphs that
 * ship.
 */
class BatchIndependenceTest {
  private static final int STREAMS = 3 * Recurrence.MAX_SEGMENTS;

  private static SummaryModel oneThread;
  private static SummaryModel twoThreads;
  private static SummaryModel int8;
  private static List<String> sentences;
  private static List<EncodedSentence> alone;
  private static List<Segment> segments;

  @BeforeAll
  static void load() {
    oneThread = SummaryModel.bundled();
    twoThreads = SummaryModel.bundled(SummaryModel.DEFAULT_MODEL, new Options(2));
    int8 = SummaryModel.bundled(SummaryModel.DEFAULT_MODEL, new Options(2, Precision.INT8));
    sentences = sentences();
    alone = sentences.stream().map(text -> oneThread.encode(List.of(text)).get(0)).toList();
    segments = segments();
  }

  @AfterAll
  static void close() {
    oneThread.close();
    twoThreads.close();
    int8.close();
  }

  /** The golden transcript, cut and joined so that every bucket of rows has many. */
  private static List<String> sentences() {
    List<String> said =
        GoldensTest.goldens(SummaryModel.DEFAULT_MODEL).segments().stream()
            .flatMap(step -> step.sentences().stream())
            .toList();
    List<String> all = new ArrayList<>(said);
    List<String> words = List.of(String.join(" ", said).split(" "));
    for (int size : new int[] {9, 16, 22, 32, 44}) {
      for (int i = 0; i < 50; i++) {
        int from = i * 7 % (words.size() - size);
        all.add(String.join(" ", words.subList(from, from + size)));
      }
    }
    IntStream.range(0, 60).forEach(i -> all.add("And point " + i + ", agreed?"));
    IntStream.range(0, 150).forEach(i -> all.add("Item " + i + "."));
    all.add("");
    return all;
  }

  /** Segments of 1 to 16 sentences, each with a memory of its own. */
  private static List<Segment> segments() {
    List<Segment> made = new ArrayList<>();
    Memory memory = oneThread.emptyMemory();
    for (int i = 0; i < STREAMS; i++) {
      int from = i * 5 % (alone.size() - 16);
      Segment segment = new Segment(alone.subList(from, from + 1 + i % 16), i, memory);
      made.add(segment);
      memory = oneThread.fold(List.of(segment)).get(0);
    }
    return made;
  }

  @Test
  void theSentencesFillEveryBucketOverMoreThanOneBatch() {
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(
            ModelPackage.read(
                new PackageSource.Classpath("models/" + SummaryModel.DEFAULT_MODEL)))) {
      List<Integer> lengths = sentences.stream().map(s -> tokenizer.row(s).length).toList();
      List<Integer> buckets = oneThread.manifest().limits().rowBuckets();
      int shorter = 0;
      for (int bucket : buckets) {
        int low = shorter;
        assertThat(lengths.stream().filter(n -> n > low && n <= bucket).mapToInt(n -> n).sum())
            .as("tokens in rows of %d", bucket)
            .isGreaterThan(SentenceEncoder.MAX_TOKENS);
        shorter = bucket;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 64, 1000})
  void aStateDoesNotDependOnTheBatch(int size) {
    for (SummaryModel model : List.of(oneThread, twoThreads)) {
      for (List<Integer> batch : batches(shuffled(sentences.size(), size), size)) {
        List<EncodedSentence> encoded = model.encode(batch.stream().map(sentences::get).toList());
        for (int i = 0; i < batch.size(); i++) {
          EncodedSentence expected = alone.get(batch.get(i));
          assertThat(encoded.get(i).text()).isEqualTo(expected.text());
          assertBits(encoded.get(i).state(), expected.state());
        }
      }
    }
  }

  @Test
  void aStateInInt8DoesNotDependOnTheBatch() {
    List<EncodedSentence> expected =
        sentences.stream().map(text -> int8.encode(List.of(text)).get(0)).toList();
    for (int size : new int[] {3, 64, 1000}) {
      for (List<Integer> batch : batches(shuffled(sentences.size(), size), size)) {
        List<EncodedSentence> encoded = int8.encode(batch.stream().map(sentences::get).toList());
        for (int i = 0; i < batch.size(); i++) {
          assertBits(encoded.get(i).state(), expected.get(batch.get(i)).state());
        }
      }
    }
    assertThat(expected.get(0).state()).isNotEqualTo(alone.get(0).state());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 64, 1000})
  void salienceDoesNotDependOnTheBatch(int size) {
    List<float[]> expected =
        segments.stream().map(segment -> oneThread.decode(List.of(segment)).get(0)).toList();
    for (SummaryModel model : List.of(oneThread, twoThreads)) {
      for (List<Integer> batch : batches(shuffled(segments.size(), size), size)) {
        List<float[]> salience = model.decode(batch.stream().map(segments::get).toList());
        for (int i = 0; i < batch.size(); i++) {
          assertBits(salience.get(i), expected.get(batch.get(i)));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 64, 1000})
  void theNextMemoryDoesNotDependOnTheBatch(int size) {
    List<Memory> expected =
        segments.stream().map(segment -> oneThread.fold(List.of(segment)).get(0)).toList();
    for (SummaryModel model : List.of(oneThread, twoThreads)) {
      for (List<Integer> batch : batches(shuffled(segments.size(), size), size)) {
        List<Memory> next = model.fold(batch.stream().map(segments::get).toList());
        for (int i = 0; i < batch.size(); i++) {
          assertThat(next.get(i).toBytes()).isEqualTo(expected.get(batch.get(i)).toBytes());
        }
      }
    }
  }

  @Test
  void theMemoriesComparedAreNotAllTheSame() {
    assertThat(oneThread.fold(segments)).doesNotHaveDuplicates().hasSize(STREAMS);
  }

  private static void assertBits(float[] actual, float[] expected) {
    int[] actualBits = new int[actual.length];
    int[] expectedBits = new int[expected.length];
    for (int i = 0; i < actual.length; i++) {
      actualBits[i] = Float.floatToRawIntBits(actual[i]);
    }
    for (int i = 0; i < expected.length; i++) {
      expectedBits[i] = Float.floatToRawIntBits(expected[i]);
    }
    assertThat(actualBits).isEqualTo(expectedBits);
  }

  private static List<Integer> shuffled(int count, int seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  private static List<List<Integer>> batches(List<Integer> order, int size) {
    List<List<Integer>> batches = new ArrayList<>();
    for (int from = 0; from < order.size(); from += size) {
      batches.add(order.subList(from, Math.min(order.size(), from + size)));
    }
    return batches;
  }
}
