package io.gistream.model;

import ai.onnxruntime.platform.Fp16Conversions;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/** Runs a package beside its goldens. */
final class PackageGoldens {
  private static final String REMEDY =
      "write them again with `python -m srformer goldens`, or give those of this package";

  private PackageGoldens() {}

  /**
   * Compares what a package gives with goldens.
   *
   * @param model the package, loaded
   * @param file where the goldens come from, for messages
   * @throws ModelPackageException when they are not goldens of this package
   */
  static GoldensReport compare(ModelPackage files, SummaryModel model, String file, byte[] json) {
    ManifestField root =
        new ManifestField(
            files.source(), file, REMEDY, "", ManifestReader.parse(files.source(), file, json));
    checkIdentity(files, root);
    // each family has goldens of its own shape, and its own way to run them
    CompactGoldens goldens = CompactGoldens.read(root, files.manifest());
    GoldensTally tally = new GoldensTally();
    run(files, model, goldens, tally);
    return new GoldensReport(
        file,
        goldens.segments().size(),
        goldens.sentences(),
        tally.comparisons(),
        tally.firstDifference());
  }

  /**
   * Goldens inside a package cannot name its digest, which depends on theirs; others must be right.
   */
  private static void checkIdentity(ModelPackage files, ManifestField root) {
    root.find("modelSha256")
        .filter(field -> !field.text().equals(files.sha256()))
        .ifPresent(
            field -> {
              throw field.fault("the package's SHA-256, " + files.sha256(), field.text(), REMEDY);
            });
  }

  private static void run(
      ModelPackage files, SummaryModel model, CompactGoldens goldens, GoldensTally tally) {
    ModelManifest manifest = files.manifest();
    try (SentenceTokenizer tokenizer = SentenceTokenizer.open(files)) {
      Memory memory = model.emptyMemory();
      long before = 0;
      int number = 0;
      for (CompactGoldens.Step step : goldens.segments()) {
        number++;
        for (int i = 0; i < step.sentences().size(); i++) {
          long[] row = tokenizer.row(step.sentences().get(i));
          tally.exact("tokens", number, i + 1, step.tokens().get(i), row);
        }
        int width = manifest.dims().features();
        tally.sameBits("features", number, width, step.features(), features(step, before, width));
        Segment segment = new Segment(model.encode(step.sentences()), before, memory);
        if (step.states().length > 0) {
          tally.close(
              "states",
              number,
              manifest.dims().encoder(),
              step.states(),
              flat(segment.sentences(), manifest.dims().encoder()));
        }
        tally.closeInProportion(
            "salience", number, 1, step.salience(), model.decode(List.of(segment)).get(0));
        memory = model.fold(List.of(segment)).get(0);
        before += step.sentences().size();
        compareMemory(
            manifest, memory, goldens.memoryAfter().getOrDefault(number, Map.of()), number, tally);
      }
    }
  }

  private static void compareMemory(
      ModelManifest manifest,
      Memory memory,
      Map<String, float[]> expected,
      int folded,
      GoldensTally tally) {
    for (int i = 0; i < manifest.state().size(); i++) {
      StateTensor tensor = manifest.state().get(i);
      float[] golden = expected.get(tensor.name());
      if (golden != null) {
        tally.memory(
            "memory." + tensor.name(), folded, golden, widened(memory, i, tensor, golden.length));
      }
    }
  }

  private static float[] features(CompactGoldens.Step step, long before, int width) {
    FloatBuffer features = FloatBuffer.allocate(step.sentences().size() * width);
    long said = before;
    for (String sentence : step.sentences()) {
      SentenceFeatures.append(features, sentence, said++);
    }
    return features.array();
  }

  private static float[] widened(Memory memory, int index, StateTensor tensor, int length) {
    boolean half = tensor.type().equals("float16");
    ByteBuffer values =
        ByteBuffer.allocate(length * (half ? Short.BYTES : Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    memory.copy(index, values);
    values.flip();
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = half ? Fp16Conversions.fp16ToFloat(values.getShort()) : values.getFloat();
    }
    return floats;
  }

  private static float[] flat(List<EncodedSentence> sentences, int width) {
    FloatBuffer flat = FloatBuffer.allocate(sentences.size() * width);
    sentences.forEach(sentence -> flat.put(sentence.state()));
    return flat.array();
  }
}
