package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor over a buffer of a pool, which gets it back on close. May be closed twice. */
final class LentTensor implements Resources.Resource {
  private final BufferPool pool;
  private final ByteBuffer buffer;
  private final OnnxTensor tensor;
  private boolean closed;

  private LentTensor(BufferPool pool, ByteBuffer buffer, OnnxTensor tensor) {
    this.pool = pool;
    this.buffer = buffer;
    this.tensor = tensor;
  }

  /** A tensor with whatever values the buffer has. */
  static LentTensor take(
      OrtEnvironment environment, BufferPool pool, OnnxJavaType type, long... shape)
      throws OrtException {
    long bytes = type.size;
    for (long dim : shape) {
      bytes = Math.multiplyExact(bytes, dim);
    }
    ByteBuffer buffer = pool.takeAsItIs(Math.toIntExact(bytes));
    try {
      return new LentTensor(
          pool, buffer, OnnxTensor.createTensor(environment, buffer, shape, type));
    } catch (RuntimeException | OrtException e) {
      pool.giveBack(buffer);
      throw e;
    }
  }

  OnnxTensor tensor() {
    return tensor;
  }

  /** Its values, little-endian, from first to last. */
  ByteBuffer values() {
    return buffer.duplicate().rewind().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      tensor.close();
      pool.giveBack(buffer);
    }
  }
}
