package io.gistream.model;

import java.util.List;

/**
 * What the model is to read next of one stream.
 *
 * @param sentences one segment, as said; 1 or more that {@linkplain SummaryModel#fits fit}
 * @param sentencesBefore sentences of the talk folded before these
 * @param memory the memory of all segments before
 * @param fold whether the memory after the segment is wanted
 * @param last whether these sentences are read for the last time, as far as is known: those of a
 *     segment that is folded to find out what would be shown, and taken back, are not
 */
public record Read(
    List<String> sentences, long sentencesBefore, Memory memory, boolean fold, boolean last) {

  /** For the last time if it is folded. */
  public Read(List<String> sentences, long sentencesBefore, Memory memory, boolean fold) {
    this(sentences, sentencesBefore, memory, fold, fold);
  }

  Read withoutFold() {
    return new Read(sentences, sentencesBefore, memory, false, last);
  }
}
