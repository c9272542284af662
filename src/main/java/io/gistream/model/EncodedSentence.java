package io.gistream.model;

/**
 * A sentence and what the encoder makes of it.
 *
 * @param text the sentence as said; at most {@code limits.rowTokens} tokens of it are read
 * @param state unit vector of {@code dims.encoder} floats; depends on {@code text} alone, to the
 *     bit
 */
// never compared, and a list of floats would be ten times the size
@SuppressWarnings("ArrayRecordComponent")
public record EncodedSentence(String text, float[] state) {}
