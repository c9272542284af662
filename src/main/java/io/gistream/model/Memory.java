package io.gistream.model;

/** The memory of one stream: the model's state tensors as bytes. Immutable, of constant size. */
public final class Memory {
  private final byte[] bytes;

  Memory(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The serialised form: header (model SHA-256, type and shape of each tensor), then the tensors,
   * little-endian.
   */
  public byte[] toBytes() {
    return bytes.clone();
  }
}
