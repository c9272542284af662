package io.gistream.model;

import java.util.List;
import java.util.Map;

/** What {@code model.json} says; see {@code docs/model-package.md}. */
public record ModelManifest(
    int format,
    String name,
    String version,
    String family,
    String memory,
    String language,
    String licence,
    Dims dims,
    Limits limits,
    List<StateTensor> state,
    Map<String, Double> selection,
    Map<String, String> files) {

  /** Sizes of the tensors. */
  public record Dims(int encoder, int features, int layers, int heads, int head) {}

  /** What a segment and a row may hold. */
  public record Limits(int segmentSentences, int rowTokens, List<Integer> rowBuckets) {}

  /** One tensor of a stream's memory, batch axis left out. */
  public record StateTensor(String name, String type, List<Integer> shape) {}
}
