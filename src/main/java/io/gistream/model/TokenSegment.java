package io.gistream.model;

/**
 * A segment that a family that writes has encoded: what its decoder and its memory attend to, in
 * native memory until closed.
 *
 * @param keys of every cross-attention layer, float32 [1, L, T, h, d]
 * @param values likewise
 * @param mask float32 [1, T], 1 where there is a token
 */
record TokenSegment(LentTensor keys, LentTensor values, LentTensor mask, int length)
    implements AutoCloseable {
  @Override
  public void close() {
    keys.close();
    values.close();
    mask.close();
  }
}
