package io.gistream.serde;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding, read from bytes nobody vouches for. Avro's own decoder allocates what a
 * length field declares; this one first checks it against the bytes that are left, so that a broken
 * record costs no more memory than its own size. Every failure is an {@link UndecodableException}
 * that names the byte.
 */
final class BoundedDecoder extends Decoder {
  private final ByteBuffer in;

  /** Reads what is between the buffer's position and limit. */
  BoundedDecoder(ByteBuffer in) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  int remaining() {
    return in.remaining();
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() {
    int at = in.position();
    byte value = need(1).get();
    if (value != 0 && value != 1) {
      throw new UndecodableException("byte " + at + ": " + value + " is not a boolean");
    }
    return value == 1;
  }

  @Override
  public int readInt() {
    int at = in.position();
    long value = readLong();
    if (value != (int) value) {
      throw new UndecodableException("byte " + at + ": " + value + " is not an int");
    }
    return (int) value;
  }

  @Override
  public long readLong() {
    int at = in.position();
    long zigzag = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      long b = need(1).get();
      zigzag |= (b & 0x7f) << shift;
      if (b >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new UndecodableException("byte " + at + ": a number of more than 10 bytes");
  }

  @Override
  public float readFloat() {
    return need(Float.BYTES).getFloat();
  }

  @Override
  public double readDouble() {
    return need(Double.BYTES).getDouble();
  }

  @Override
  public String readString() {
    int at = in.position();
    ByteBuffer bytes = slice(readLength("a string", "bytes"));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new UndecodableException("byte " + at + ": a string that is not UTF-8", e);
    }
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) {
    return new Utf8(readString());
  }

  @Override
  public void skipString() {
    slice(readLength("a string", "bytes"));
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) {
    ByteBuffer bytes = slice(readLength("a byte field", "bytes"));
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  @Override
  public void skipBytes() {
    slice(readLength("a byte field", "bytes"));
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) {
    need(length).get(bytes, start, length);
  }

  @Override
  public void skipFixed(int length) {
    slice(length);
  }

  @Override
  public int readEnum() {
    return readInt();
  }

  @Override
  public int readIndex() {
    return readInt();
  }

  @Override
  public long readArrayStart() {
    return readBlock();
  }

  @Override
  public long arrayNext() {
    return readBlock();
  }

  @Override
  public long skipArray() {
    return skipBlocks();
  }

  @Override
  public long readMapStart() {
    return readBlock();
  }

  @Override
  public long mapNext() {
    return readBlock();
  }

  @Override
  public long skipMap() {
    return skipBlocks();
  }

  /** Items in the next block of an array or map; 0 behind the last. No item is without bytes. */
  private long readBlock() {
    int at = in.position();
    long count = readLong();
    if (count < 0) {
      // a block that states its size in bytes, for readers that skip it
      readLength("a block", "bytes");
      count = -count;
    }
    if (count < 0 || count > in.remaining()) {
      throw tooLong(at, "a block", count, "items");
    }
    return count;
  }

  /** Skips the blocks that state their size; items of the first that does not, else 0. */
  private long skipBlocks() {
    while (true) {
      int at = in.position();
      long count = readLong();
      if (count >= 0) {
        if (count > in.remaining()) {
          throw tooLong(at, "a block", count, "items");
        }
        return count;
      }
      slice(readLength("a block", "bytes"));
    }
  }

  private int readLength(String what, String unit) {
    int at = in.position();
    long length = readLong();
    if (length < 0 || length > in.remaining()) {
      throw tooLong(at, what, length, unit);
    }
    return (int) length;
  }

  private UndecodableException tooLong(int at, String what, long length, String unit) {
    return new UndecodableException(
        "byte %d: %s of %d %s, but %d bytes are left"
            .formatted(at, what, length, unit, in.remaining()));
  }

  private ByteBuffer slice(int length) {
    ByteBuffer bytes = need(length).slice(in.position(), length);
    in.position(in.position() + length);
    return bytes;
  }

  private ByteBuffer need(int bytes) {
    if (in.remaining() < bytes) {
      throw new UndecodableException(
          "truncated: %d bytes wanted at byte %d, %d are left"
              .formatted(bytes, in.position(), in.remaining()));
    }
    return in;
  }
}
