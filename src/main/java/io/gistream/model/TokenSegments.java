package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;

/**
 * Segments of a batch of streams that a family that writes has encoded: what its decoder and its
 * memory attend to, in native memory until closed.
 *
 * @param source [B, T] tokens, every layer's
 * @param mask float32 [B, T], 1 where there is a token
 */
record TokenSegments(AttendedTokens source, LentTensor mask) implements Resources.Resource {
  /**
   * A copy of some streams' segments.
   *
   * @param graph that lends the tensors
   */
  TokenSegments rows(int[] chosen, Graph graph) {
    Resources taken = new Resources();
    try {
      AttendedTokens some = taken.own(source.rows(chosen));
      LentTensor masks = taken.own(graph.lend(OnnxJavaType.FLOAT, chosen.length, source.tokens()));
      AttendedTokens.copyRows(mask, source.rows(), chosen, masks);
      return new TokenSegments(some, masks);
    } catch (RuntimeException | Error e) {
      taken.close();
      throw e;
    }
  }

  @Override
  public void close() {
    source.close();
    mask.close();
  }
}
