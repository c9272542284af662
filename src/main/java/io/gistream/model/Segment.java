package io.gistream.model;

import java.util.List;

/**
 * What one step of the recurrence reads: the sentences of a segment, and the memory of all segments
 * before it.
 *
 * @param sentences 1 to {@code limits.segmentSentences}, in the order said
 * @param sentencesBefore how many sentences of the stream were folded before these
 * @param memory the memory before this segment; never that of another model
 */
public record Segment(List<EncodedSentence> sentences, long sentencesBefore, Memory memory) {
  public Segment {
    sentences = List.copyOf(sentences);
    if (sentences.isEmpty()) {
      throw new IllegalArgumentException("a segment has no sentence; it needs at least one");
    }
    if (sentencesBefore < 0) {
      throw new IllegalArgumentException(
          "sentencesBefore is %d, must be 0 or more".formatted(sentencesBefore));
    }
  }
}
