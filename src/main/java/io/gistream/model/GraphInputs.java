package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs of one run of a graph: tensors over lent buffers, given back on close. */
final class GraphInputs implements AutoCloseable {
  private final OrtEnvironment environment;
  private final BufferPool pool;
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private final List<String> held = new ArrayList<>();

  GraphInputs(OrtEnvironment environment, BufferPool pool) {
    this.environment = environment;
    this.pool = pool;
  }

  /** Adds a tensor of zeros; what is put into the buffer returned is what the graph reads. */
  ByteBuffer add(String name, OnnxJavaType type, long... shape) throws OrtException {
    long bytes = type.size;
    for (long dim : shape) {
      bytes = Math.multiplyExact(bytes, dim);
    }
    ByteBuffer buffer = pool.take(Math.toIntExact(bytes));
    buffers.add(buffer);
    tensors.put(name, OnnxTensor.createTensor(environment, buffer, shape, type));
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds a tensor that the caller holds and closes. */
  void add(String name, LentTensor tensor) {
    tensors.put(name, tensor.tensor());
    held.add(name);
  }

  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.keySet().removeAll(held);
    tensors.values().forEach(OnnxTensor::close);
    buffers.forEach(pool::giveBack);
  }
}
