package io.gistream.model;

/**
 * What readers that share what they remember have asked for since they were made. The same sentence
 * is asked for at every chunk until its segment is folded for good, and should be encoded once:
 * where there is too little room, {@code misses} grows beyond {@code folded}.
 *
 * @param hits sentences asked for that were known, or were in the same batch before
 * @param misses sentences asked for that had to be encoded
 * @param folded sentences of the segments that entered a memory to stay there; again where they are
 *     folded again, after a correction or because the memory was not kept
 * @param bytes of heap that what is known takes now, about
 */
public record SentenceUse(long hits, long misses, long folded, long bytes) {
  /** Of models that remember no sentences. */
  static final SentenceUse NONE = new SentenceUse(0, 0, 0, 0);
}
