package io.gistream.model;

import java.util.List;

/**
 * What the model is to read next of one stream.
 *
 * @param sentences one segment, as said; 1 or more that {@linkplain SummaryModel#fits fit}
 * @param sentencesBefore sentences of the talk folded before these
 * @param memory the memory of all segments before
 * @param fold whether the memory after the segment is wanted
 */
public record Read(List<String> sentences, long sentencesBefore, Memory memory, boolean fold) {
  Read withoutFold() {
    return new Read(sentences, sentencesBefore, memory, false);
  }
}
