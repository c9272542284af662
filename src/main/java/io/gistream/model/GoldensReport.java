package io.gistream.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came out where a package was run beside its goldens: values that another runtime, the Python
 * toolkit's, got from the same package for the same transcript.
 *
 * @param source the goldens: {@code goldens.json} of the package, or a file
 * @param segments how many segments were run
 * @param sentences how many sentences they have
 * @param comparisons one for each field that was compared
 * @param firstDifference the first that is larger than allowed; null when there is none
 */
public record GoldensReport(
    String source,
    int segments,
    int sentences,
    List<Comparison> comparisons,
    @Nullable Difference firstDifference) {

  /** Whether nothing differs by more than is allowed. */
  public boolean agrees() {
    return firstDifference == null;
  }

  /**
   * All values of one field, over all segments.
   *
   * @param field as the goldens call it; {@code memory.} and the name of a state tensor
   * @param values how many were compared
   * @param largestDifference between two values; infinite where one is no number
   * @param allowed how much they may differ, for people
   */
  public record Comparison(String field, long values, double largestDifference, String allowed) {}

  /**
   * A value that differs by more than is allowed.
   *
   * @param segment counted from 1; of a memory, the last one folded
   * @param sentence of the segment, counted from 1; null where the value is not that of a sentence
   */
  public record Difference(
      int segment,
      @Nullable Integer sentence,
      String field,
      String expected,
      String found,
      String allowed) {

    @Override
    public String toString() {
      return "segment %d%s, %s: expected %s, found %s (allowed: %s)"
          .formatted(
              segment,
              sentence == null ? "" : ", sentence " + sentence,
              field,
              expected,
              found,
              allowed);
    }
  }
}
