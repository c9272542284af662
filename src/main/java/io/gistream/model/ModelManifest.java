package io.gistream.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code model.json} says; see {@code docs/model-package.md}.
 *
 * @param memory kind of memory, such as {@code raf}; {@code none} for a model without one
 * @param language BCP 47 tag of the language it was trained on
 * @param state the tensors of a stream's memory, in the order the graphs take them
 * @param selection parameters of the choice of summary sentences
 * @param generation how a family that writes does so; null for one that does not
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
    @Nullable Generation generation,
    Map<String, String> files) {

  /** This manifest, but writing with another number of beams. */
  ModelManifest withBeams(int beams) {
    Generation other = generation == null ? null : generation.withBeams(beams);
    return new ModelManifest(
        format,
        name,
        version,
        family,
        memory,
        language,
        licence,
        dims,
        limits,
        specialTokens,
        state,
        selection,
        other,
        files);
  }

  /**
   * Sizes of the tensors.
   *
   * @param encoder floats of a sentence's state, or of a token's in a family that writes
   * @param features floats of a sentence's features; 0 in a family that writes
   * @param vocabulary tokens that can be written; 0 in a family that writes none
   */
  public record Dims(int encoder, int features, int layers, int heads, int head, int vocabulary) {}

  /**
   * What a segment and a row may hold.
   *
   * @param segmentSentences sentences of a segment
   * @param rowTokens tokens of a row that are read, special tokens included: a row is a sentence,
   *     or in a family that writes a segment
   * @param rowBuckets lengths that rows are padded to, rising; the last holds {@code rowTokens}
   */
  public record Limits(int segmentSentences, int rowTokens, List<Integer> rowBuckets) {}

  /**
   * Ids of the tokens that open, close and pad a row.
   *
   * @param cls null where nothing opens a row, as in T5
   */
  public record SpecialTokens(@Nullable Integer cls, int sep, int pad) {}

  /**
   * One tensor of a stream's memory, batch axis left out.
   *
   * @param type {@code float16} or {@code float32}
   * @param shape at most one axis is {@code -1}: it has length 0 at first and grows with every fold
   */
  public record StateTensor(String name, String type, List<Integer> shape) {
    /** Length of an axis that grows. */
    static final int GROWING = -1;

    boolean grows() {
      return shape.contains(GROWING);
    }
  }

  /**
   * How a family that writes does so; see {@code docs/model-package.md}. Tokens are ids below
   * {@code dims.vocabulary}.
   *
   * @param start the token that is fed before all others
   * @param endOfSegment the token that ends what a segment adds; not part of it
   * @param forcedFirst the first token of a stream's first segment; null when it is free
   * @param suppressed tokens that are never written
   * @param inputPrefix put before the text of a segment
   * @param prefixTokens how many of the tokens written before are kept, and fed again
   * @param newTokens most tokens that a segment adds
   * @param minTokens fewest tokens that a segment adds
   * @param beams 1 takes the best token each time, more is beam search
   * @param lengthPenalty the exponent of the length that a beam's score is divided by
   * @param noRepeatNgram length of the runs of tokens that may not come twice; 0: no such rule
   */
  public record Generation(
      int start,
      int endOfSegment,
      @Nullable Integer forcedFirst,
      List<Integer> suppressed,
      String inputPrefix,
      int prefixTokens,
      int newTokens,
      int minTokens,
      int beams,
      double lengthPenalty,
      EarlyStopping earlyStopping,
      int noRepeatNgram) {

    Generation withBeams(int count) {
      return new Generation(
          start,
          endOfSegment,
          forcedFirst,
          suppressed,
          inputPrefix,
          prefixTokens,
          newTokens,
          minTokens,
          count,
          lengthPenalty,
          earlyStopping,
          noRepeatNgram);
    }
  }

  /** When beam search is over, given that as many texts as beams have ended. */
  public enum EarlyStopping {
    /** {@code true}: at once. */
    AT_ONCE,
    /** {@code false}: when the best open beam could not do better if it ended now. */
    WHEN_NO_BETTER_NOW,
    /** {@code "never"}: when the best open beam could not do better at any length. */
    WHEN_NO_BETTER_EVER
  }
}
