package io.gistream.model;

import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * How the memory of one model is laid out in bytes, all little-endian:
 *
 * <pre>
 * magic     4 bytes   "GMEM"
 * version   uint16    1
 * tensors   uint16    how many
 * model     32 bytes  SHA-256 of the package
 * tensor    uint8 type (1 float16, 2 float32), uint8 rank, rank x int32 dims     for each tensor
 * values    the tensors one after the other
 * </pre>
 */
final class MemoryLayout {
  static final List<String> TYPES = List.of("float16", "float32");

  private static final byte[] MAGIC = {'G', 'M', 'E', 'M'};
  private static final short VERSION = 1;
  private static final int MODEL_AT = MAGIC.length + 2 * Short.BYTES;
  private static final int MODEL_BYTES = 32;
  private static final int PREFIX = 12;

  private final String sha256;
  private final byte[] header;
  private final int[] offsets;

  MemoryLayout(String sha256, List<StateTensor> tensors) {
    this.sha256 = sha256;
    this.header = header(sha256, tensors);
    this.offsets = new int[tensors.size() + 1];
    for (int i = 0; i < tensors.size(); i++) {
      offsets[i + 1] = Math.addExact(offsets[i], Math.toIntExact(byteSize(tensors.get(i))));
    }
  }

  private static byte[] header(String sha256, List<StateTensor> tensors) {
    int size = MODEL_AT + MODEL_BYTES;
    for (StateTensor tensor : tensors) {
      size += 2 + Integer.BYTES * tensor.shape().size();
    }
    ByteBuffer header = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).putShort(VERSION).putShort((short) tensors.size());
    header.put(HexFormat.of().parseHex(sha256));
    for (StateTensor tensor : tensors) {
      header.put((byte) (1 + TYPES.indexOf(tensor.type()))).put((byte) tensor.shape().size());
      tensor.shape().forEach(header::putInt);
    }
    return header.array();
  }

  /** Bytes of a tensor's values; saturates at {@link Long#MAX_VALUE}. */
  static long byteSize(StateTensor tensor) {
    long bytes = tensor.type().equals("float16") ? 2 : 4;
    for (int dim : tensor.shape()) {
      bytes = bytes > Long.MAX_VALUE / dim ? Long.MAX_VALUE : bytes * dim;
    }
    return bytes;
  }

  /** First twelve digits of the model's SHA-256, for messages. */
  String model() {
    return sha256.substring(0, PREFIX);
  }

  /** Where the values of a tensor begin among all values; of one past the last: where they end. */
  int offset(int tensor) {
    return offsets[tensor];
  }

  private int valueBytes() {
    return offsets[offsets.length - 1];
  }

  /** Bytes of a whole memory, header included. */
  int sizeInBytes() {
    return header.length + valueBytes();
  }

  boolean isOf(MemoryLayout other) {
    return this == other || Arrays.equals(header, other.header);
  }

  /** The memory of a stream that has said nothing yet. */
  Memory empty() {
    return new Memory(this, new byte[valueBytes()]);
  }

  /** The next memory in a batch: takes one stream's values from each of the tensors. */
  Memory gather(List<ByteBuffer> tensors) {
    byte[] values = new byte[valueBytes()];
    for (int i = 0; i < tensors.size(); i++) {
      tensors.get(i).get(values, offset(i), offset(i + 1) - offset(i));
    }
    return new Memory(this, values);
  }

  byte[] serialise(byte[] values) {
    byte[] bytes = Arrays.copyOf(header, sizeInBytes());
    System.arraycopy(values, 0, bytes, header.length, values.length);
    return bytes;
  }

  Memory parse(byte[] bytes) {
    if (bytes.length < MODEL_AT + MODEL_BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IllegalArgumentException(
          "%d bytes are not a memory: expected %d bytes that begin with GMEM, of model %s"
              .formatted(bytes.length, sizeInBytes(), model()));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
    short version = in.getShort();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "memory has version %d, this release reads %d; use the release that wrote it"
              .formatted(version, VERSION));
    }
    String from = HexFormat.of().formatHex(bytes, MODEL_AT, MODEL_AT + MODEL_BYTES);
    if (!from.equals(sha256)) {
      throw ofAnotherModel(from.substring(0, PREFIX));
    }
    if (bytes.length != sizeInBytes()
        || !Arrays.equals(bytes, 0, header.length, header, 0, header.length)) {
      throw new IllegalArgumentException(
          "memory of model %s is damaged: it has %d bytes, model %s writes %d; rebuild it by reading the stream again"
              .formatted(from.substring(0, PREFIX), bytes.length, model(), sizeInBytes()));
    }
    return new Memory(this, Arrays.copyOfRange(bytes, header.length, bytes.length));
  }

  IllegalArgumentException ofAnotherModel(String from) {
    return new IllegalArgumentException(
        "memory is of model %s, this is model %s; run the model that made it, or rebuild it by reading the stream again"
            .formatted(from, model()));
  }
}
