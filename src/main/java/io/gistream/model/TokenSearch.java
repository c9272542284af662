package io.gistream.model;

import io.gistream.model.ModelManifest.Generation;

/**
 * Finds what a decoder would write: the best token each time, or beam search as {@code
 * transformers} does it. Rules take tokens away and leave the others' probabilities as they are.
 *
 * <p>Sums are made in double of operations that are the same everywhere: the same logits give the
 * same text on every machine.
 *
 * <p>Not thread-safe, and nor are the texts of one search together: they share what a row is read
 * into.
 */
final class TokenSearch {
  private final Generation generation;
  private final NextTokens next;

  /**
   * @param vocabulary {@code dims.vocabulary}
   */
  TokenSearch(Generation generation, int vocabulary) {
    this.generation = generation;
    this.next = new NextTokens(new TokenRules(generation), vocabulary);
  }

  /**
   * Begins what a segment adds.
   *
   * @param before the last tokens that the stream has written
   */
  TextSearch begin(int[] before) {
    int[] beginning = beginning(before);
    return generation.beams() == 1
        ? new GreedySearch(generation, next, beginning)
        : new BeamSearch(generation, next, beginning);
  }

  /**
   * A text that is given, in one beam: nothing is searched.
   *
   * @param before as for {@link #begin}
   */
  TextSearch follow(int[] before, int[] given) {
    if (generation.beams() != 1) {
      throw new IllegalStateException("a text that is given has one beam");
    }
    return new GivenText(next, beginning(before), given);
  }

  private int[] beginning(int[] before) {
    int[] beginning = new int[before.length + 1];
    beginning[0] = generation.start();
    System.arraycopy(before, 0, beginning, 1, before.length);
    return beginning;
  }
}
