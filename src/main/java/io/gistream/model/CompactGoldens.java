package io.gistream.model;

import io.gistream.model.ModelManifest.StateTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the Python toolkit made of a transcript with a package of family {@code compact}; see {@code
 * docs/model-package.md}.
 *
 * @param memoryAfter number of segments folded -> state tensor -> values, widened to float
 */
record CompactGoldens(List<Step> segments, Map<Integer, Map<String, float[]>> memoryAfter) {

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

  /** Reads goldens and checks that they have as many values as the package's dimensions ask for. */
  static CompactGoldens read(ManifestField root, ModelManifest manifest) {
    List<Step> segments = new ArrayList<>();
    for (ManifestField segment : root.get("segments").elements()) {
      segments.add(step(segment, manifest));
    }
    if (segments.isEmpty()) {
      throw root.get("segments").fault("at least one segment");
    }
    Map<Integer, Map<String, float[]>> memories = new LinkedHashMap<>();
    ManifestField after = root.get("memoryAfterSegments");
    after
        .members()
        .forEach(
            (folds, tensors) -> {
              int count =
                  folds(folds, segments.size())
                      .orElseThrow(
                          () ->
                              tensors.fault(
                                  "a number of segments from 1 to %d as the key"
                                      .formatted(segments.size())));
              Map<String, float[]> values = new LinkedHashMap<>();
              for (StateTensor tensor : manifest.state()) {
                values.put(tensor.name(), tensors.get(tensor.name()).floats(size(tensor)));
              }
              memories.put(count, values);
            });
    if (!memories.isEmpty() && manifest.state().isEmpty()) {
      throw after.fault("no values, since the package has no memory");
    }
    return new CompactGoldens(List.copyOf(segments), memories);
  }

  private static Step step(ManifestField segment, ModelManifest manifest) {
    ManifestField said = segment.get("sentences");
    List<String> sentences = said.elements().stream().map(ManifestField::text).toList();
    int most = manifest.limits().segmentSentences();
    if (sentences.isEmpty() || sentences.size() > most) {
      throw said.fault("1 to %d sentences (limits.segmentSentences)".formatted(most));
    }
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

  private static Optional<Integer> folds(String key, int segments) {
    try {
      int folds = Integer.parseInt(key);
      return folds >= 1 && folds <= segments ? Optional.of(folds) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static int size(StateTensor tensor) {
    return tensor.shape().stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /** Number of sentences of all segments. */
  int sentences() {
    return segments.stream().mapToInt(step -> step.sentences().size()).sum();
  }
}
