package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java and Python make the same of the same package. */
class GoldensTest {
  private static final Offset<Float> TOLERANCE = Offset.offset(1e-4f);

  @ParameterizedTest
  @ValueSource(strings = {"compact-raf", "tiny", "tiny-none"})
  void tokensAreThoseOfThePythonTokenizer(String name) {
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(ModelPackage.read(new PackageSource.Classpath("models/" + name)))) {
      for (Goldens.Step step : Goldens.of(name).segments()) {
        assertThat(step.sentences().stream().map(tokenizer::row).toList())
            .usingRecursiveComparison()
            .isEqualTo(step.tokens());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compact-raf", "tiny", "tiny-none"})
  void featuresAreThoseOfPythonToTheLastBit(String name) {
    long before = 0;
    for (Goldens.Step step : Goldens.of(name).segments()) {
      FloatBuffer features = FloatBuffer.allocate(step.features().length);
      for (String sentence : step.sentences()) {
        SentenceFeatures.append(features, sentence, before++);
      }
      assertThat(features.array()).containsExactly(step.features());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compact-raf", "tiny", "tiny-none"})
  void statesSalienceAndMemoryAreThoseOfPython(String name) {
    Goldens goldens = Goldens.of(name);
    try (SummaryModel model = SummaryModel.bundled(name, SummaryModel.Options.DEFAULT)) {
      assertThat(model.sha256())
          .as("goldens are of another package: run `python -m srformer goldens`")
          .isEqualTo(goldens.modelSha256());
      Memory memory = model.emptyMemory();
      long before = 0;
      int folded = 0;
      for (Goldens.Step step : goldens.segments()) {
        Segment segment = new Segment(model.encode(step.sentences()), before, memory);
        if (step.states().length > 0) {
          assertThat(flat(segment.sentences())).containsExactly(step.states(), TOLERANCE);
        }
        assertSalience(model.decode(List.of(segment)).get(0), step.salience(), folded);
        memory = model.fold(List.of(segment)).get(0);
        before += step.sentences().size();
        folded++;
        Map<String, float[]> expected = goldens.memoryAfter().getOrDefault(folded, Map.of());
        if (!expected.isEmpty()) {
          MemoryAssertions.assertMemory(model.manifest().state(), memory, expected, folded);
        }
      }
      assertThat(folded).isGreaterThanOrEqualTo(20);
      assertThat(goldens.memoryAfter().isEmpty()).isEqualTo(model.manifest().state().isEmpty());
    }
  }

  /** A logit is as exact as it is large: the memory it was read from is rounded, see below. */
  private static void assertSalience(float[] salience, float[] golden, int folded) {
    assertThat(salience).hasSameSizeAs(golden);
    for (int i = 0; i < golden.length; i++) {
      assertThat(salience[i])
          .as("salience of sentence %d of segment %d", i, folded)
          .isCloseTo(golden[i], within(1e-4f * Math.max(1, Math.abs(golden[i]))));
    }
  }

  private static float[] flat(List<EncodedSentence> sentences) {
    int width = sentences.get(0).state().length;
    FloatBuffer flat = FloatBuffer.allocate(sentences.size() * width);
    sentences.forEach(sentence -> flat.put(sentence.state()));
    return flat.array();
  }
}
