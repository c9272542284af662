package io.gistream.model;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goldens of family {@code compact}: what each sentence is worth, and all on the way to it. */
record CompactGoldens(List<Step> segments, MemoryGoldens memory) implements Goldens {

  /**
   * One segment.
   *
   * @param states sentence after sentence; empty where the file has none
   */
  @SuppressWarnings("ArrayRecordComponent") // only read
  record Step(
      List<String> sentences,
      List<long[]> tokens,
      float[] features,
      float[] states,
      float[] salience) {}

  static CompactGoldens read(ManifestField root, ModelManifest manifest) {
    List<Step> segments = new ArrayList<>();
    for (ManifestField segment : root.get("segments").elements()) {
      segments.add(step(segment, manifest));
    }
    if (segments.isEmpty()) {
      throw root.get("segments").fault("at least one segment");
    }
    return new CompactGoldens(
        List.copyOf(segments), MemoryGoldens.read(root, manifest, segments.size()));
  }

  private static Step step(ManifestField segment, ModelManifest manifest) {
    List<String> sentences = sentences(segment, manifest);
    List<ManifestField> rows = segment.get("tokens").elements();
    if (rows.size() != sentences.size()) {
      throw segment
          .get("tokens")
          .fault("a row for each of %d sentences".formatted(sentences.size()));
    }
    List<long[]> tokens = new ArrayList<>();
    for (ManifestField row : rows) {
      tokens.add(row.elements().stream().mapToLong(ManifestField::tokenId).toArray());
    }
    Optional<ManifestField> states = segment.find("states");
    return new Step(
        sentences,
        tokens,
        segment.get("features").floats(sentences.size() * manifest.dims().features()),
        states.isEmpty()
            ? new float[0]
            : states.get().floats(sentences.size() * manifest.dims().encoder()),
        segment.get("salience").floats(sentences.size()));
  }

  /** The sentences of a segment, of any family. */
  static List<String> sentences(ManifestField segment, ModelManifest manifest) {
    ManifestField said = segment.get("sentences");
    List<String> sentences = said.elements().stream().map(ManifestField::text).toList();
    int most = manifest.limits().segmentSentences();
    if (sentences.isEmpty() || sentences.size() > most) {
      throw said.fault("1 to %d sentences (limits.segmentSentences)".formatted(most));
    }
    return sentences;
  }

  @Override
  public int segmentCount() {
    return segments.size();
  }

  @Override
  public int sentenceCount() {
    return segments.stream().mapToInt(step -> step.sentences().size()).sum();
  }

  @Override
  public void compare(ModelPackage files, SummaryModel model, GoldensTally tally) {
    int features = files.manifest().dims().features();
    int width = files.manifest().dims().encoder();
    try (SentenceTokenizer tokenizer = SentenceTokenizer.open(files)) {
      Memory before = model.emptyMemory();
      long said = 0;
      int number = 0;
      for (Step step : segments) {
        number++;
        for (int i = 0; i < step.sentences().size(); i++) {
          long[] row = tokenizer.row(step.sentences().get(i));
          tally.exact("tokens", number, i + 1, step.tokens().get(i), row);
        }
        tally.sameBits(
            "features", number, features, step.features(), features(step, said, features));
        Segment segment = new Segment(model.encode(step.sentences()), said, before);
        if (step.states().length > 0) {
          tally.close("states", number, width, step.states(), flat(segment.sentences(), width));
        }
        tally.closeInProportion(
            "salience", number, 1, step.salience(), model.decode(List.of(segment)).get(0));
        before = model.fold(List.of(segment)).get(0);
        said += step.sentences().size();
        memory.compare(files.manifest().state(), before, number, tally);
      }
    }
  }

  private static float[] features(Step step, long before, int width) {
    FloatBuffer features = FloatBuffer.allocate(step.sentences().size() * width);
    long said = before;
    for (String sentence : step.sentences()) {
      SentenceFeatures.append(features, sentence, said++);
    }
    return features.array();
  }

  private static float[] flat(List<EncodedSentence> sentences, int width) {
    FloatBuffer flat = FloatBuffer.allocate(sentences.size() * width);
    sentences.forEach(sentence -> flat.put(sentence.state()));
    return flat.array();
  }
}
