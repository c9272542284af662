package io.gistream.model;

import java.util.List;
import java.util.Map;

/**
 * What {@code model.json} says; see {@code docs/model-package.md}.
 *
 * @param memory kind of memory, such as {@code raf}; {@code none} for a model without one
 * @param language BCP 47 tag of the language it was trained on
 * @param state the tensors of a stream's memory, in the order the graphs take them
 * @param selection parameters of the choice of summary sentences
 * @param files SHA-256 of every other file of the package, lower-case hex, by name
 */
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
    SpecialTokens specialTokens,
    List<StateTensor> state,
    Map<String, Double> selection,
    Map<String, String> files) {

  /**
   * Sizes of the tensors.
   *
   * @param encoder floats of a sentence's state
   * @param features floats of a sentence's features
   */
  public record Dims(int encoder, int features, int layers, int heads, int head) {}

  /**
   * What a segment and a row may hold.
   *
   * @param segmentSentences sentences of a segment
   * @param rowTokens tokens of a sentence that are read, special tokens included
   * @param rowBuckets lengths that rows are padded to, rising; the last holds {@code rowTokens}
   */
  public record Limits(int segmentSentences, int rowTokens, List<Integer> rowBuckets) {}

  /** Ids of the tokens that open, close and pad a row. */
  public record SpecialTokens(int cls, int sep, int pad) {}

  /**
   * One tensor of a stream's memory, batch axis left out.
   *
   * @param type {@code float16} or {@code float32}
   */
  public record StateTensor(String name, String type, List<Integer> shape) {}
}
