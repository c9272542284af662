package io.gistream.model;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The memory of one stream: the model's state tensors as bytes and, for a model that writes, the
 * last tokens written. Immutable. Of constant size but for those tokens, of which there are never
 * more than {@code generation.prefixTokens}; only memory {@code full} grows with the talk.
 */
public final class Memory {
  private final MemoryLayout layout;
  private final byte[][] tensors;
  private final int[] written;

  /** Takes the arrays over. */
  Memory(MemoryLayout layout, byte[][] tensors, int[] written) {
    this.layout = layout;
    this.tensors = tensors;
    this.written = written;
  }

  /**
   * The serialised form: header (model SHA-256, type and shape of each tensor), then the tensors,
   * little-endian, then the tokens written. Read back by {@link SummaryModel#memory(byte[])}.
   */
  public byte[] toBytes() {
    return layout.serialise(tensors, written);
  }

  /** Length of {@link #toBytes()}. */
  public int sizeInBytes() {
    return layout.sizeInBytes(tensors, written);
  }

  MemoryLayout layout() {
    return layout;
  }

  /** Bytes of one tensor's values. */
  int byteSize(int tensor) {
    return tensors[tensor].length;
  }

  /** Appends the values of one tensor. */
  void copy(int tensor, ByteBuffer to) {
    to.put(tensors[tensor]);
  }

  /** The same state, with these as the last tokens written; takes the array over. */
  Memory withWritten(int[] tokens) {
    return new Memory(layout, tensors, tokens);
  }

  /** The last tokens written, at most {@code generation.prefixTokens}. */
  int[] written() {
    return written.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Memory memory
        && layout.isOf(memory.layout)
        && Arrays.deepEquals(tensors, memory.tensors)
        && Arrays.equals(written, memory.written);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.deepHashCode(tensors) + Arrays.hashCode(written);
  }

  @Override
  public String toString() {
    return "Memory[model=%s, sizeInBytes=%d]".formatted(layout.model(), sizeInBytes());
  }
}
