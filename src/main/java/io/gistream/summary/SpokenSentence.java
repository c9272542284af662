package io.gistream.summary;

/**
 * A sentence found in consecutive utterances.
 *
 * @param text the words as said, white space collapsed
 * @param firstUtterance index of the utterance it begins in
 * @param lastUtterance index of the utterance it ends in
 * @param endOffset offset in the text of {@code lastUtterance}, behind the sentence
 * @param complete false when nothing says that it ends here: more of it may come
 */
public record SpokenSentence(
    String text, int firstUtterance, int lastUtterance, int endOffset, boolean complete) {}
