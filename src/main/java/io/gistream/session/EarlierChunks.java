package io.gistream.session;

import io.gistream.avro.HeardChunk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Two bytes for each of the last chunks that are part of a checkpoint: enough to tell a repetition
 * of one of them from a correction, of which one in 65,535 is taken for a repetition. Immutable.
 */
final class EarlierChunks {
  /** How many are known; a repetition of an older one counts as nothing new. */
  static final int MOST = 1024;

  /** How many are known once the talk is over: the session keeps them, and is written often. */
  private static final int MOST_AFTER_THE_END = 256;

  /** Stands for a chunk that never came. */
  private static final short MISSING = 0;

  private final byte[] digests;
  private final long end;

  /**
   * @param digests two bytes for each of the chunks before {@code end}
   * @param end the sequence number behind the last one
   */
  EarlierChunks(byte[] digests, long end) {
    this.digests = digests;
    this.end = end;
  }

  /** What is known of a chunk. */
  enum Known {
    /** It came with this content. */
    REPEATED,
    /** It came with other content. */
    CORRECTED,
    /** It was missing. */
    LATE,
    /** It is too long ago. */
    FORGOTTEN
  }

  Known known(long sequence, int digest) {
    long first = end - digests.length / Short.BYTES;
    if (sequence < first || sequence >= end) {
      return Known.FORGOTTEN;
    }
    short there = ByteBuffer.wrap(digests).getShort((int) (sequence - first) * Short.BYTES);
    if (there == MISSING) {
      return Known.LATE;
    }
    return there == shortened(digest) ? Known.REPEATED : Known.CORRECTED;
  }

  /** Before a talk whose first chunk should have this sequence number. */
  static EarlierChunks none(long firstExpected) {
    return new EarlierChunks(new byte[0], firstExpected);
  }

  /** The last of them, as many as are kept when their talk is over. */
  EarlierChunks afterTheEnd() {
    int bytes = Math.min(digests.length, MOST_AFTER_THE_END * Short.BYTES);
    return new EarlierChunks(
        Arrays.copyOfRange(digests, digests.length - bytes, digests.length), end);
  }

  /** With these chunks behind them, the sequence numbers left out being missing. */
  EarlierChunks with(List<HeardChunk> chunks, long newEnd) {
    long known = end - digests.length / Short.BYTES;
    long first = Math.max(newEnd - MOST, known);
    ByteBuffer longer = ByteBuffer.allocate((int) (newEnd - first) * Short.BYTES);
    for (long sequence = Math.max(first, known); sequence < end; sequence++) {
      longer.putShort(
          (int) (sequence - first) * Short.BYTES,
          ByteBuffer.wrap(digests).getShort((int) (sequence - known) * Short.BYTES));
    }
    for (HeardChunk chunk : chunks) {
      if (chunk.getSequence() >= first) {
        longer.putShort(
            (int) (chunk.getSequence() - first) * Short.BYTES,
            chunk.getLost() ? MISSING : shortened(ChunkDigest.of(chunk)));
      }
    }
    return new EarlierChunks(longer.array(), newEnd);
  }

  private static short shortened(int digest) {
    short low = (short) digest;
    return low == MISSING ? 1 : low;
  }

  byte[] toBytes() {
    return digests.clone();
  }

  @Override
  public String toString() {
    return "EarlierChunks[end=%d, digests=%s]".formatted(end, Arrays.toString(digests));
  }
}
