package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.gistream.model.ModelManifest.EarlyStopping;
import io.gistream.model.ModelManifest.Generation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written, given a decoder made up for the test. */
class TokenSearchTest {
  private static final int START = 0;
  private static final int END = 1;
  private static final int[] NOTHING = {};

  private Generation generation = rules(1, 8);

  private static Generation rules(int beams, int newTokens) {
    return new Generation(
        START,
        END,
        null,
        List.of(),
        "",
        16,
        newTokens,
        0,
        beams,
        1,
        EarlyStopping.WHEN_NO_BETTER_NOW,
        0);
  }

  private static Generation with(
      Generation rules, @Nullable Integer forced, List<Integer> suppressed, int least, int ngram) {
    return new Generation(
        rules.start(),
        rules.endOfSegment(),
        forced,
        suppressed,
        rules.inputPrefix(),
        rules.prefixTokens(),
        rules.newTokens(),
        least,
        rules.beams(),
        rules.lengthPenalty(),
        rules.earlyStopping(),
        ngram);
  }

  private static Generation with(Generation rules, double penalty, EarlyStopping stopping) {
    return new Generation(
        rules.start(),
        rules.endOfSegment(),
        rules.forcedFirst(),
        rules.suppressed(),
        rules.inputPrefix(),
        rules.prefixTokens(),
        rules.newTokens(),
        rules.minTokens(),
        rules.beams(),
        penalty,
        stopping,
        rules.noRepeatNgram());
  }

  /** A decoder whose logits are a function of all that a row was fed. */
  private static final class Scripted {
    private final Function<List<Integer>, float[]> logits;
    private final List<List<List<Integer>>> steps = new ArrayList<>();

    Scripted(Function<List<Integer>, float[]> logits) {
      this.logits = logits;
    }

    /** What each row has been fed after the next step of a text. */
    private List<List<Integer>> feed(TextSearch text) {
      List<List<Integer>> rows = new ArrayList<>();
      if (steps.isEmpty()) {
        rows.add(Arrays.stream(text.beginning()).boxed().toList());
      } else {
        List<List<Integer>> before = steps.get(steps.size() - 1);
        int[] from = text.from();
        int[] tokens = text.tokens();
        assertThat(tokens).hasSameSizeAs(from);
        for (int i = 0; i < from.length; i++) {
          List<Integer> row = new ArrayList<>(before.get(from[i]));
          row.add(tokens[i]);
          rows.add(row);
        }
      }
      steps.add(rows);
      return rows;
    }

    /** The logits of a step of this text alone. */
    FloatBuffer step(TextSearch text) {
      return rows(feed(text).stream().map(logits).toList());
    }

    WrittenTokens write(TextSearch text) {
      while (!text.isOver()) {
        text.advance(step(text), 0);
      }
      return text.written();
    }
  }

  private static FloatBuffer rows(List<float[]> all) {
    FloatBuffer flat = FloatBuffer.allocate(all.size() * all.get(0).length);
    all.forEach(flat::put);
    return flat.rewind();
  }

  private WrittenTokens write(int[] before, Function<List<Integer>, float[]> logits) {
    return new Scripted(logits).write(begin(before, logits));
  }

  private TextSearch begin(int[] before, Function<List<Integer>, float[]> logits) {
    int vocabulary = logits.apply(List.of(START)).length;
    return new TokenSearch(generation, vocabulary).begin(before);
  }

  private static float[] probabilities(double... each) {
    float[] logits = new float[each.length];
    for (int i = 0; i < each.length; i++) {
      logits[i] = (float) Math.log(each[i]);
    }
    return logits;
  }

  @Test
  void oneBeamTakesTheBestTokenOfEqualsTheLowestUntilTheEnd() {
    WrittenTokens written =
        write(
            NOTHING,
            fed ->
                switch (fed.size()) {
                  case 1 -> probabilities(0.1, 0.1, 0.2, 0.5, 0.1);
                  case 2 -> probabilities(0.1, 0.1, 0.3, 0.3, 0.2);
                  default -> probabilities(0.1, 0.6, 0.1, 0.1, 0.1);
                });
    assertThat(written.tokens()).containsExactly(3, 2);
    assertThat(written.logProbabilities())
        .containsExactly(new double[] {Math.log(0.5), Math.log(0.3)}, within(1e-6));
  }

  @Test
  void theDecoderIsFedTheStartAndThenWhatWasWrittenBefore() {
    List<List<Integer>> seen = new ArrayList<>();
    write(
        new int[] {3, 4},
        fed -> {
          seen.add(fed);
          return probabilities(0.1, 0.6, 0.1, 0.1, 0.1);
        });
    assertThat(seen).last().isEqualTo(List.of(START, 3, 4));
  }

  @Test
  void noMoreThanTheAllowedTokensAreWritten() {
    for (int beams : new int[] {1, 3}) {
      generation = rules(beams, 5);
      WrittenTokens written = write(NOTHING, fed -> probabilities(0.1, 0.1, 0.2, 0.4, 0.2));
      assertThat(written.tokens()).as("%d beams", beams).containsExactly(3, 3, 3, 3, 3);
    }
  }

  @Test
  void theFirstTokenIsForcedOnlyWhereNothingWasWrittenBefore() {
    for (int beams : new int[] {1, 3}) {
      generation = with(rules(beams, 2), 4, List.of(), 0, 0);
      Function<List<Integer>, float[]> logits = fed -> probabilities(0.1, 0.1, 0.2, 0.5, 0.1);
      WrittenTokens first = write(NOTHING, logits);
      assertThat(first.tokens()).containsExactly(4, 3);
      assertThat(first.logProbabilities()[0]).isZero();
      assertThat(write(new int[] {2}, logits).tokens()).containsExactly(3, 3);
    }
  }

  @Test
  void suppressedTokensAndAnEarlyEndAreNeverWritten() {
    for (int beams : new int[] {1, 3}) {
      generation = with(rules(beams, 6), null, List.of(3), 2, 0);
      WrittenTokens written = write(NOTHING, fed -> probabilities(0.05, 0.5, 0.2, 0.2, 0.05));
      assertThat(written.tokens()).as("%d beams", beams).containsExactly(2, 2);
    }
  }

  @Test
  void noRunOfTokensComesTwiceNotEvenAcrossWhatWasFed() {
    for (int beams : new int[] {1, 2}) {
      generation = with(rules(beams, 6), null, List.of(), 6, 2);
      WrittenTokens written =
          write(new int[] {3, 4}, fed -> probabilities(0.05, 0.05, 0.1, 0.6, 0.2));
      List<String> pairs = new ArrayList<>();
      int last = 4;
      pairs.add("0-3");
      pairs.add("3-4");
      for (int token : written.tokens()) {
        pairs.add(last + "-" + token);
        last = token;
      }
      assertThat(pairs).as("%d beams", beams).doesNotHaveDuplicates().hasSize(8);
    }
  }

  @Test
  void whenEveryTokenIsForbiddenTheSegmentEnds() {
    generation = with(rules(1, 6), null, List.of(), 0, 1);
    // every token but the end was fed, and the end is impossible
    WrittenTokens written =
        write(new int[] {2, 3}, fed -> new float[] {0, Float.NEGATIVE_INFINITY, 0, 0});
    assertThat(written.tokens()).isEmpty();
    generation = with(rules(3, 6), null, List.of(), 0, 1);
    assertThat(
            write(new int[] {2, 3}, fed -> new float[] {0, Float.NEGATIVE_INFINITY, 0, 0}).tokens())
        .isEmpty();
  }

  @Test
  void beamsFindWhatABestFirstTokenHides() {
    // greedy: 2 (0.5) and then nothing good; 3 (0.4) and then a sure end
    Function<List<Integer>, float[]> logits =
        fed ->
            switch (fed.get(fed.size() - 1)) {
              case 2 -> probabilities(0.25, 0.25, 0.25, 0.25);
              case 3 -> probabilities(0.01, 0.97, 0.01, 0.01);
              default -> probabilities(0.05, 0.05, 0.5, 0.4);
            };
    assertThat(write(NOTHING, logits).tokens()[0]).isEqualTo(2);
    generation = rules(2, 4);
    WrittenTokens written = write(NOTHING, logits);
    assertThat(written.tokens()).containsExactly(3);
    assertThat(written.logProbabilities())
        .containsExactly(new double[] {Math.log(0.4)}, within(1e-6));
  }

  @Test
  void ofEqualsTheLowerBeamAndTheLowerTokenComesFirst() {
    generation = with(rules(3, 3), null, List.of(), 3, 0);
    assertThat(write(NOTHING, fed -> new float[5]).tokens()).containsExactly(0, 0, 0);
  }

  @Test
  void theLengthPenaltyDecidesBetweenShortAndLong() {
    // the end after one token is worth ln 0.36, after three ln 0.2
    Function<List<Integer>, float[]> logits =
        fed ->
            switch (fed.size()) {
              case 1 -> probabilities(0.01, 0.01, 0.97, 0.01);
              case 2 -> probabilities(0.01, 0.37, 0.61, 0.01);
              case 3 -> probabilities(0.01, 0.01, 0.97, 0.01);
              default -> probabilities(0.1, 0.35, 0.3, 0.25);
            };
    generation = with(rules(2, 4), 0, EarlyStopping.WHEN_NO_BETTER_EVER);
    assertThat(write(NOTHING, logits).tokens()).containsExactly(2);
    generation = with(rules(2, 4), 3, EarlyStopping.WHEN_NO_BETTER_EVER);
    assertThat(write(NOTHING, logits).tokens()).containsExactly(2, 2, 2);
  }

  /**
   * With beams enough for every text, nothing is ever cut off and beam search finds the very best:
   * compared with trying all of them.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 2})
  void beamsEnoughForAllFindTheBestText(double penalty) {
    int vocabulary = 4;
    int most = 3;
    for (int seed = 0; seed < 200; seed++) {
      Function<List<Integer>, float[]> logits = random(seed, vocabulary);
      generation = with(rules(64, most), penalty, EarlyStopping.WHEN_NO_BETTER_EVER);
      Best best = new Best(null, Double.NEGATIVE_INFINITY);
      best = tryAll(logits, List.of(), 0, most, penalty, best);
      List<Integer> written = Arrays.stream(write(NOTHING, logits).tokens()).boxed().toList();
      assertThat(written).as("seed %d", seed).isEqualTo(best.tokens());
    }
  }

  private record Best(@Nullable List<Integer> tokens, double score) {}

  private static Best tryAll(
      Function<List<Integer>, float[]> logits,
      List<Integer> tokens,
      double total,
      int most,
      double penalty,
      Best best) {
    List<Integer> fed = new ArrayList<>(List.of(START));
    fed.addAll(tokens);
    float[] next = logits.apply(fed);
    double sum = 0;
    for (float logit : next) {
      sum += Math.exp(logit);
    }
    Best better = best;
    for (int token = 0; token < next.length; token++) {
      double value = total + next[token] - Math.log(sum);
      List<Integer> longer = new ArrayList<>(tokens);
      if (token != END) {
        longer.add(token);
      }
      int length = tokens.size() + 1;
      if (token == END || length == most) {
        double score = value / Math.pow(length, penalty);
        better = score > better.score() ? new Best(longer, score) : better;
      } else {
        better = tryAll(logits, longer, value, most, penalty, better);
      }
    }
    return better;
  }

  private static Function<List<Integer>, float[]> random(int seed, int vocabulary) {
    return fed -> {
      Random random = new Random(seed * 1_000_003L + fed.hashCode());
      float[] logits = new float[vocabulary];
      for (int i = 0; i < vocabulary; i++) {
        logits[i] = (float) random.nextGaussian() * 2;
      }
      return logits;
    };
  }

  @ParameterizedTest
  @EnumSource
  void stoppingEarlierNeverTakesMoreStepsAndPatienceNeverGivesAWorseText(EarlyStopping stopping) {
    int vocabulary = 6;
    for (int seed = 0; seed < 50; seed++) {
      Function<List<Integer>, float[]> logits = random(seed, vocabulary);
      Scripted patient = new Scripted(logits);
      Scripted other = new Scripted(logits);
      generation = with(rules(3, 10), 1, EarlyStopping.WHEN_NO_BETTER_EVER);
      patient.write(begin(NOTHING, logits));
      generation = with(rules(3, 10), 1, stopping);
      other.write(begin(NOTHING, logits));
      assertThat(other.steps).hasSizeLessThanOrEqualTo(patient.steps.size());
    }
  }

  @Test
  void everyStepButTheFirstHasARowForEachBeamAndTheLastOneOpenFillsThoseThatAreLeft() {
    // of four tokens one ends and one is never written: the first step leaves two beams open
    Function<List<Integer>, float[]> logits = fed -> probabilities(0.2, 0.3, 0.1, 0.4);
    generation = with(rules(4, 3), null, List.of(2), 1, 0);
    TextSearch text = begin(NOTHING, logits);
    Scripted decoder = new Scripted(logits);
    text.advance(decoder.step(text), 0);
    assertThat(text.tokens()).containsExactly(3, 0, 0, 0);
    assertThat(text.from()).containsExactly(0, 0, 0, 0);
    text.advance(decoder.step(text), 0);
    // 3-0 and 0-3 are equals: the lower beam comes first
    assertThat(text.tokens()).containsExactly(3, 0, 3, 0);
    assertThat(text.from()).containsExactly(0, 0, 1, 1);

    generation = with(rules(4, 3), 3, List.of(), 1, 0);
    text = begin(NOTHING, logits);
    decoder = new Scripted(logits);
    text.advance(decoder.step(text), 0);
    assertThat(text.tokens()).containsExactly(3, 3, 3, 3);
    assertThat(text.from()).containsExactly(0, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatComesOfRowsThatAreLeftOverIsNotLookedAt(int beams) {
    for (int seed = 0; seed < 50; seed++) {
      Function<List<Integer>, float[]> logits = random(seed, 6);
      generation = with(rules(beams, 6), 2, List.of(0), 0, 2);
      WrittenTokens alone = write(NOTHING, logits);
      TextSearch text = begin(NOTHING, logits);
      Scripted decoder = new Scripted(logits);
      text.advance(decoder.step(text), 0);
      if (!text.isOver()) {
        // after the forced token one beam is open
        FloatBuffer rows = decoder.step(text);
        for (int i = 6; i < rows.limit(); i++) {
          rows.put(i, 100);
        }
        text.advance(rows, 0);
      }
      assertSame(decoder.write(text), alone);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aTextIsTheSameWhateverRowsAreAroundItsOwn(int beams) {
    int vocabulary = 6;
    for (int seed = 0; seed < 50; seed++) {
      Function<List<Integer>, float[]> logits = random(seed, vocabulary);
      generation = with(rules(beams, 6), null, List.of(), 0, 2);
      int[] before = {4, 2};
      WrittenTokens alone = write(before, logits);
      TextSearch text = begin(before, logits);
      Scripted decoder = new Scripted(logits);
      float[] other = new float[vocabulary];
      Arrays.fill(other, Float.NaN);
      while (!text.isOver()) {
        List<float[]> all = new ArrayList<>(List.of(other, other, other));
        decoder.feed(text).stream().map(logits).forEach(all::add);
        all.add(other);
        text.advance(rows(all), 3);
      }
      assertSame(text.written(), alone);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void textsOfOneSearchDoNotDisturbEachOther(int beams) {
    generation = with(rules(beams, 6), null, List.of(), 0, 2);
    TokenSearch search = new TokenSearch(generation, 6);
    List<TextSearch> texts = new ArrayList<>();
    List<Scripted> decoders = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      texts.add(search.begin(new int[] {seed % 6}));
      decoders.add(new Scripted(random(seed, 6)));
    }
    while (!texts.stream().allMatch(TextSearch::isOver)) {
      for (int i = 0; i < texts.size(); i++) {
        if (!texts.get(i).isOver()) {
          texts.get(i).advance(decoders.get(i).step(texts.get(i)), 0);
        }
      }
    }
    for (int seed = 0; seed < 20; seed++) {
      WrittenTokens alone = write(new int[] {seed % 6}, random(seed, 6));
      assertSame(texts.get(seed).written(), alone);
    }
  }

  private static void assertSame(WrittenTokens written, WrittenTokens expected) {
    assertThat(written.tokens()).isEqualTo(expected.tokens());
    assertThat(written.logProbabilities()).isEqualTo(expected.logProbabilities());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aTextThatIsOverTakesNoMoreSteps(int beams) {
    generation = rules(beams, 1);
    TextSearch text = begin(NOTHING, fed -> new float[4]);
    text.advance(FloatBuffer.allocate(4), 0);
    assertThat(text.isOver()).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(() -> text.advance(FloatBuffer.allocate(4 * beams), 0));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void nothingIsTakenOfARowThatHasNoProbabilities(float value) {
    for (int beams : new int[] {1, 3}) {
      generation = rules(beams, 4);
      WrittenTokens written =
          write(NOTHING, fed -> new float[] {0, 0, 3, fed.size() == 2 ? value : 2});
      assertThat(written.tokens()).as("%d beams", beams).hasSize(beams == 1 ? 1 : 0);
      float none = Float.NEGATIVE_INFINITY;
      assertThat(write(NOTHING, fed -> new float[] {none, none, none, none}).tokens()).isEmpty();
    }
  }

  @Test
  void ofManyTokensTheBestAreFoundWhereverTheyAre() {
    int vocabulary = 1_003;
    for (int seed = 0; seed < 20; seed++) {
      float[] row = random(seed, vocabulary).apply(List.of(START));
      for (int i = 0; i < vocabulary; i++) {
        row[i] = Math.round(row[i] * 4) / 4f; // many equals
      }
      generation = with(rules(4, 2), null, List.of(seed), 2, 0);
      int suppressed = seed;
      int[] expected =
          IntStream.range(0, vocabulary)
              .filter(token -> token != suppressed && token != END)
              .boxed()
              .sorted(Comparator.comparing((Integer token) -> -row[token]))
              .limit(4)
              .mapToInt(Integer::intValue)
              .toArray();
      TextSearch text = begin(NOTHING, fed -> row);
      text.advance(FloatBuffer.wrap(row), 0);
      assertThat(text.tokens()).isEqualTo(expected);
    }
  }
}
