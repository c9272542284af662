package io.gistream.model;

/**
 * Segments of a batch of streams that a family that writes has encoded: what its decoder and its
 * memory attend to, in native memory until closed.
 *
 * @param source [B, T] tokens, every layer's
 * @param mask float32 [B, T], 1 where there is a token
 */
record TokenSegments(AttendedTokens source, LentTensor mask) implements Resources.Resource {
  int streams() {
    return source.rows();
  }

  @Override
  public void close() {
    source.close();
    mask.close();
  }
}
