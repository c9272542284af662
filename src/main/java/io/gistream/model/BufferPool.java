package io.gistream.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Direct buffers that are used again, in sizes of powers of two. It never holds more of a size than
 * were out at one time, and what is out is bounded by the threads that run.
 */
final class BufferPool {
  /** A cache line and the widest vector register: no kernel starts on an odd address. */
  private static final int ALIGNMENT = 64;

  private static final byte[] ZEROS = new byte[1 << 14];

  private final List<Queue<ByteBuffer>> free = new ArrayList<>(Integer.SIZE);

  BufferPool() {
    for (int i = 0; i < Integer.SIZE; i++) {
      free.add(new ConcurrentLinkedQueue<>());
    }
  }

  /** A little-endian buffer of zeros, from 0 to {@code bytes}. */
  ByteBuffer take(int bytes) {
    ByteBuffer buffer = takeAsItIs(bytes);
    for (int left = bytes; left > 0; left -= ZEROS.length) {
      buffer.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }
    return buffer.flip();
  }

  /** The same with whatever is in it, for what is overwritten anyway. */
  ByteBuffer takeAsItIs(int bytes) {
    int power = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(bytes, ALIGNMENT) - 1);
    ByteBuffer buffer = free.get(power).poll();
    if (buffer == null) {
      buffer =
          ByteBuffer.allocateDirect((1 << power) + ALIGNMENT)
              .alignedSlice(ALIGNMENT)
              .slice(0, 1 << power)
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    return buffer.clear().limit(bytes);
  }

  void giveBack(ByteBuffer buffer) {
    free.get(Integer.numberOfTrailingZeros(buffer.capacity())).add(buffer);
  }
}
