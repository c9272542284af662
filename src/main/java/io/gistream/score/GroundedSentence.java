package io.gistream.score;

/**
 * A sentence of a final summary, and what it cites.
 *
 * @param id the {@link Revision.Sentence#id} under which it was shown
 * @param sourceText the cited part of the transcript, with the speakers' names if the sentence may
 *     name them
 * @param sourceEndWords words of the transcript up to the end of its last cited chunk, as {@link
 *     Words#count} counts them
 */
public record GroundedSentence(long id, String text, String sourceText, long sourceEndWords) {}
