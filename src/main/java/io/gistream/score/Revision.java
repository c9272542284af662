package io.gistream.score;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One rolling summary of a run.
 *
 * @param wordsHeard words of the transcript that had been said when it appeared, as {@link
 *     Words#count} counts them
 * @param sentences what it shows, in the order of the talk
 * @param provisional whether part of it rests on what was not yet final
 */
public record Revision(long wordsHeard, List<Sentence> sentences, boolean provisional) {
  public Revision {
    sentences = List.copyOf(sentences);
  }

  /**
   * A sentence that is shown.
   *
   * @param id stays the same for as long as the sentence is shown, though its text may change
   */
  public record Sentence(long id, String text) {}

  /** The summary as one text. */
  public String text() {
    return sentences.stream().map(Sentence::text).collect(Collectors.joining(" "));
  }
}
