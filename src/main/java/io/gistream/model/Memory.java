package io.gistream.model;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The memory of one stream: the model's state tensors as bytes. Immutable, of constant size. */
public final class Memory {
  private final MemoryLayout layout;
  private final byte[] values;

  Memory(MemoryLayout layout, byte[] values) {
    this.layout = layout;
    this.values = values;
  }

  /**
   * The serialised form: header (model SHA-256, type and shape of each tensor), then the tensors,
   * little-endian. Read back by {@link SummaryModel#memory(byte[])}.
   */
  public byte[] toBytes() {
    return layout.serialise(values);
  }

  /** Length of {@link #toBytes()}. */
  public int sizeInBytes() {
    return layout.sizeInBytes();
  }

  MemoryLayout layout() {
    return layout;
  }

  /** Appends the values of one tensor. */
  void copy(int tensor, ByteBuffer to) {
    to.put(values, layout.offset(tensor), layout.offset(tensor + 1) - layout.offset(tensor));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Memory memory
        && layout.isOf(memory.layout)
        && Arrays.equals(values, memory.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Memory[model=%s, sizeInBytes=%d]".formatted(layout.model(), sizeInBytes());
  }
}
