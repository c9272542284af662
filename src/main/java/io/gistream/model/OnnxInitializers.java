package io.gistream.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Constants of an ONNX graph, which ONNX Runtime does not show. Reads the few fields of the
 * protobuf messages (onnx.proto3) that lead to them and steps over all others.
 */
final class OnnxInitializers {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_DATA_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int FLOAT = 1;

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;

  private OnnxInitializers() {}

  /**
   * The values of the first float32 constant of this size whose name is or ends with {@code .name};
   * empty when there is none.
   */
  static Optional<float[]> floats(byte[] model, String name, int size) {
    try {
      return inModel(ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN), name, size);
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | ArithmeticException
        | IllegalArgumentException e) {
      return Optional.empty(); // not as expected: the graph itself is ONNX Runtime's to judge
    }
  }

  private static Optional<float[]> inModel(ByteBuffer model, String name, int size) {
    while (model.hasRemaining()) {
      long tag = varint(model);
      if (tag == (MODEL_GRAPH << 3 | LENGTH_DELIMITED)) {
        return inGraph(message(model), name, size);
      }
      skip(model, tag);
    }
    return Optional.empty();
  }

  private static Optional<float[]> inGraph(ByteBuffer graph, String name, int size) {
    while (graph.hasRemaining()) {
      long tag = varint(graph);
      if (tag == (GRAPH_INITIALIZER << 3 | LENGTH_DELIMITED)) {
        Optional<float[]> found = inTensor(message(graph), name, size);
        if (found.isPresent()) {
          return found;
        }
      } else {
        skip(graph, tag);
      }
    }
    return Optional.empty();
  }

  private static Optional<float[]> inTensor(ByteBuffer tensor, String name, int size) {
    boolean named = false;
    boolean isFloat = false;
    ByteBuffer raw = ByteBuffer.allocate(0);
    while (tensor.hasRemaining()) {
      long tag = varint(tensor);
      if (tag == (TENSOR_NAME << 3 | LENGTH_DELIMITED)) {
        String its = UTF_8.decode(message(tensor)).toString();
        named = its.equals(name) || its.endsWith("." + name);
      } else if (tag == (TENSOR_DATA_TYPE << 3 | VARINT)) {
        isFloat = varint(tensor) == FLOAT;
      } else if (tag == (TENSOR_RAW_DATA << 3 | LENGTH_DELIMITED)) {
        raw = message(tensor);
      } else {
        skip(tensor, tag);
      }
    }
    if (!named || !isFloat || raw.remaining() != size * Float.BYTES) {
      return Optional.empty();
    }
    float[] values = new float[size];
    raw.asFloatBuffer().get(values);
    return Optional.of(values);
  }

  private static ByteBuffer message(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a field of %d bytes".formatted(length));
    }
    ByteBuffer message = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return message;
  }

  private static void skip(ByteBuffer in, long tag) {
    switch ((int) (tag & 7)) {
      case VARINT -> varint(in);
      case FIXED_64 -> in.position(in.position() + Long.BYTES);
      case LENGTH_DELIMITED -> message(in);
      case FIXED_32 -> in.position(in.position() + Integer.BYTES);
      default -> throw new IllegalArgumentException("wire type " + (tag & 7));
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint has more than 64 bits");
  }
}
