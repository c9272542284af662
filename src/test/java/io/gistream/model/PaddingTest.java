package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import io.gistream.model.ModelManifest.Limits;
import io.gistream.model.SummaryModel.Options;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What stands in the padding of a row or a segment changes no bit of what comes out for the rest,
 * nor how much of it there is in the others of a batch. Run on the graphs that ship, with weights
 * stored small and widened as they are there.
 */
class PaddingTest {
  private static ModelPackage files;
  private static ModelManifest manifest;
  private static SentenceTokenizer tokenizer;
  private static SummaryModel model;
  private final Random random = new Random(3);

  @BeforeAll
  static void open() {
    files = ModelPackage.read(new PackageSource.Classpath("models/" + SummaryModel.DEFAULT_MODEL));
    manifest = files.manifest();
    tokenizer = SentenceTokenizer.open(files);
    model = SummaryModel.bundled();
  }

  @AfterAll
  static void close() {
    model.close();
    tokenizer.close();
  }

  private static List<List<String>> said() {
    return GoldensTest.goldens(SummaryModel.DEFAULT_MODEL).segments().stream()
        .map(step -> step.sentences())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void tokensBehindTheEndOfASentenceChangeNothing(Precision precision) {
    List<long[]> rows =
        said().stream().flatMap(List::stream).limit(64).map(tokenizer::row).toList();
    try (Graph encoder =
        Graph.open(files, GraphSignature.encoder(manifest, precision), Options.DEFAULT)) {
      for (int bucket : manifest.limits().rowBuckets()) {
        List<long[]> fitting = rows.stream().filter(row -> row.length <= bucket).toList();
        if (!fitting.isEmpty()) {
          byte[] padded = encode(encoder, fitting, bucket, false);
          assertThat(encode(encoder, fitting, bucket, true))
              .as("rows of %d", bucket)
              .isEqualTo(padded);
        }
      }
    }
  }

  private byte[] encode(Graph encoder, List<long[]> rows, int length, boolean garbage) {
    return bytes(
        encoder
            .run(
                inputs -> {
                  long[] shape = {rows.size(), length};
                  LongBuffer ids =
                      inputs.add("input_ids", OnnxJavaType.INT64, shape).asLongBuffer();
                  LongBuffer mask =
                      inputs.add("attention_mask", OnnxJavaType.INT64, shape).asLongBuffer();
                  for (long[] row : rows) {
                    for (int i = 0; i < length; i++) {
                      long other =
                          garbage ? 5 + random.nextInt(1000) : manifest.specialTokens().pad();
                      ids.put(i < row.length ? row[i] : other);
                      mask.put(i < row.length ? 1 : 0);
                    }
                  }
                })
            .get(0));
  }

  @Test
  void whatStandsInPlaceOfMissingSentencesChangesNeitherSalienceNorMemory() {
    try (Graph decoder = Graph.open(files, GraphSignature.decoder(manifest), Options.DEFAULT);
        Graph memory = Graph.open(files, GraphSignature.memory(manifest), Options.DEFAULT)) {
      Memory before = model.emptyMemory();
      long place = 0;
      for (List<String> sentences : said().subList(0, Math.min(8, said().size()))) {
        List<EncodedSentence> encoded = model.encode(sentences);
        List<EncodedSentence> few = encoded.subList(0, Math.min(encoded.size(), 5));
        Segment segment = new Segment(few, place, before);
        float[] salience = model.decode(List.of(segment)).get(0);
        Memory after = model.fold(List.of(segment)).get(0);

        FloatBuffer dirty = decoder.run(inputs -> fill(inputs, segment)).get(0).asFloatBuffer();
        for (float expected : salience) {
          assertThat(Float.floatToRawIntBits(dirty.get()))
              .isEqualTo(Float.floatToRawIntBits(expected));
        }
        Memory dirtyAfter = after.layout().gather(memory.run(inputs -> fill(inputs, segment)));
        assertThat(dirtyAfter.toBytes()).isEqualTo(after.toBytes());
        before = after;
        place += few.size();
      }
      assertThat(before).isNotEqualTo(model.emptyMemory());
    }
  }

  /** One segment, with anything at all where sentences are missing. */
  private void fill(GraphInputs inputs, Segment segment) throws ai.onnxruntime.OrtException {
    Limits limits = manifest.limits();
    int rows = limits.segmentSentences();
    int width = manifest.dims().encoder();
    FloatBuffer states = inputs.add("states", OnnxJavaType.FLOAT, 1, rows, width).asFloatBuffer();
    FloatBuffer features =
        inputs.add("features", OnnxJavaType.FLOAT, 1, rows, SentenceFeatures.COUNT).asFloatBuffer();
    FloatBuffer mask = inputs.add("mask", OnnxJavaType.FLOAT, 1, rows).asFloatBuffer();
    long before = segment.sentencesBefore();
    for (EncodedSentence sentence : segment.sentences()) {
      states.put(sentence.state());
      SentenceFeatures.append(features, sentence.text(), before++);
      mask.put(1);
    }
    while (states.hasRemaining()) {
      states.put(random.nextFloat() * 4 - 2);
    }
    while (features.hasRemaining()) {
      features.put(random.nextFloat());
    }
    for (int i = 0; i < manifest.state().size(); i++) {
      ModelManifest.StateTensor tensor = manifest.state().get(i);
      ByteBuffer values =
          inputs.add(
              tensor.name(),
              GraphSignature.type(tensor),
              segment.memory().layout().shape(i, 1, segment.memory()));
      segment.memory().copy(i, values);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void thereIsSomethingToPad() {
    List<Integer> lengths = new ArrayList<>();
    said().forEach(sentences -> sentences.forEach(it -> lengths.add(tokenizer.row(it).length)));
    assertThat(lengths).anyMatch(length -> !manifest.limits().rowBuckets().contains(length));
    assertThat(said()).anyMatch(it -> it.size() < manifest.limits().segmentSentences());
  }
}
