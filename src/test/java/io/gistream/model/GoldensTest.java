package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.platform.Fp16Conversions;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
          assertMemory(model.manifest().state(), memory, expected, folded);
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

  /**
   * Rounding to float16 turns a difference of 1e-7 into one of a whole step, which a value keeps
   * when the soft reset makes it smaller, and one beside the firing threshold may even fire in one
   * runtime only. So: close on the whole, and nearly every value within a step of the largest.
   */
  private static void assertMemory(
      List<StateTensor> tensors, Memory memory, Map<String, float[]> expected, int folded) {
    for (int i = 0; i < tensors.size(); i++) {
      float[] values = widened(memory, i);
      float[] golden = expected.getOrDefault(tensors.get(i).name(), new float[0]);
      assertThat(values).hasSameSizeAs(golden);
      float largest = 0;
      for (float value : golden) {
        largest = Math.max(largest, Math.abs(value));
      }
      double sum = 0;
      int beyondOneStep = 0;
      for (int j = 0; j < values.length; j++) {
        float difference = Math.abs(values[j] - golden[j]);
        sum += difference;
        beyondOneStep += difference > Math.scalb(largest, -10) ? 1 : 0;
      }
      String what = "%s after %d folds".formatted(tensors.get(i).name(), folded);
      assertThat(sum / values.length).as(what + ", mean difference").isLessThan(1e-5);
      assertThat(beyondOneStep).as(what + ", values apart").isLessThan(1 + values.length / 1000);
    }
  }

  private static float[] widened(Memory memory, int tensor) {
    int bytes = memory.layout().offset(tensor + 1) - memory.layout().offset(tensor);
    ByteBuffer values = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    memory.copy(tensor, values);
    values.flip();
    float[] floats = new float[bytes / Short.BYTES];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Fp16Conversions.fp16ToFloat(values.getShort());
    }
    return floats;
  }

  private static float[] flat(List<EncodedSentence> sentences) {
    int width = sentences.get(0).state().length;
    FloatBuffer flat = FloatBuffer.allocate(sentences.size() * width);
    sentences.forEach(sentence -> flat.put(sentence.state()));
    return flat.array();
  }
}
