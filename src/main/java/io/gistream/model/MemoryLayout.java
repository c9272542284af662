package io.gistream.model;

import io.gistream.model.ModelManifest.Generation;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the memory of one model is laid out in bytes, all little-endian:
 *
 * <pre>
 * magic     4 bytes   "GMEM"
 * version   uint16    1
 * tensors   uint16    how many
 * model     32 bytes  SHA-256 of the package
 * tensor    uint8 type (1 float16, 2 float32), uint8 rank, rank x int32 dims     for each tensor
 * length    int32     of the axis that grows                       for each tensor that has one (-1)
 * values    the tensors one after the other
 * written   int32     how many tokens, then each as int32                  for a model that writes
 * </pre>
 */
final class MemoryLayout {
  static final List<String> TYPES = List.of("float16", "float32");

  private static final byte[] MAGIC = {'G', 'M', 'E', 'M'};
  private static final short VERSION = 1;
  private static final int MODEL_AT = MAGIC.length + 2 * Short.BYTES;
  private static final int MODEL_BYTES = 32;
  private static final int PREFIX = 12;
  private static final int[] NOTHING_WRITTEN = {};

  private final String sha256;
  private final List<StateTensor> tensors;
  private final @Nullable Generation generation;
  private final int vocabulary;
  private final byte[] header;
  private final int[] unitBytes;

  MemoryLayout(String sha256, ModelManifest manifest) {
    this.sha256 = sha256;
    this.tensors = manifest.state();
    this.generation = manifest.generation();
    this.vocabulary = manifest.dims().vocabulary();
    this.header = header(sha256, tensors);
    this.unitBytes =
        tensors.stream().mapToInt(tensor -> Math.toIntExact(byteSize(tensor))).toArray();
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

  /**
   * Bytes of a tensor's values, or of one step along the axis that grows; saturates at {@link
   * Long#MAX_VALUE}.
   */
  static long byteSize(StateTensor tensor) {
    long bytes = tensor.type().equals("float16") ? 2 : 4;
    for (int dim : tensor.shape()) {
      long length = dim == StateTensor.GROWING ? 1 : dim;
      bytes = bytes > Long.MAX_VALUE / length ? Long.MAX_VALUE : bytes * length;
    }
    return bytes;
  }

  /** First twelve digits of the model's SHA-256, for messages. */
  String model() {
    return sha256.substring(0, PREFIX);
  }

  /** Whether a memory becomes larger with every fold. */
  boolean grows() {
    return tensors.stream().anyMatch(StateTensor::grows);
  }

  /** The shape of one tensor for a batch of streams; those of a growing one are alone in theirs. */
  long[] shape(int tensor, int batch, Memory memory) {
    List<Integer> dims = tensors.get(tensor).shape();
    long[] shape = new long[dims.size() + 1];
    shape[0] = batch;
    for (int i = 1; i < shape.length; i++) {
      int dim = dims.get(i - 1);
      shape[i] = dim == StateTensor.GROWING ? memory.byteSize(tensor) / unitBytes[tensor] : dim;
    }
    return shape;
  }

  boolean isOf(MemoryLayout other) {
    return this == other || Arrays.equals(header, other.header);
  }

  /** The memory of a stream that has said nothing yet. */
  Memory empty() {
    byte[][] values = new byte[tensors.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new byte[tensors.get(i).grows() ? 0 : unitBytes[i]];
    }
    return new Memory(this, values, NOTHING_WRITTEN);
  }

  /**
   * The next memory in a batch: takes one stream's values from each of the tensors, all that is
   * left of one that grows.
   */
  Memory gather(List<ByteBuffer> outputs) {
    byte[][] values = new byte[tensors.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new byte[tensors.get(i).grows() ? outputs.get(i).remaining() : unitBytes[i]];
      outputs.get(i).get(values[i]);
    }
    return new Memory(this, values, NOTHING_WRITTEN);
  }

  /** Throws when a graph gave more than the memories that were taken from it. */
  static void checkTaken(List<ByteBuffer> outputs) {
    for (ByteBuffer output : outputs) {
      if (output.hasRemaining()) {
        throw new IllegalStateException(
            "%s gave %d bytes too many for a state tensor; %s"
                .formatted(ModelPackage.MEMORY, output.remaining(), PackageSource.EXPORT_AGAIN));
      }
    }
  }

  /** The memory after a stream has written more: of all its tokens the last are kept. */
  Memory append(Memory state, int[] before, int[] more) {
    if (generation == null) {
      throw new IllegalStateException("a model that writes nothing has nothing to append");
    }
    int[] all = Arrays.copyOf(before, before.length + more.length);
    System.arraycopy(more, 0, all, before.length, more.length);
    int from = Math.max(0, all.length - generation.prefixTokens());
    return state.withWritten(Arrays.copyOfRange(all, from, all.length));
  }

  int sizeInBytes(byte[][] values, int[] written) {
    int size = header.length;
    for (int i = 0; i < values.length; i++) {
      size += values[i].length + (tensors.get(i).grows() ? Integer.BYTES : 0);
    }
    return generation == null ? size : size + Integer.BYTES * (1 + written.length);
  }

  /** Most bytes of a memory; of one that grows: as long as nothing was folded. */
  int largestInBytes() {
    int size = empty().sizeInBytes();
    return generation == null ? size : size + Integer.BYTES * generation.prefixTokens();
  }

  byte[] serialise(byte[][] values, int[] written) {
    ByteBuffer out =
        ByteBuffer.allocate(sizeInBytes(values, written)).order(ByteOrder.LITTLE_ENDIAN);
    out.put(header);
    for (int i = 0; i < values.length; i++) {
      if (tensors.get(i).grows()) {
        out.putInt(values[i].length / unitBytes[i]);
      }
    }
    for (byte[] tensor : values) {
      out.put(tensor);
    }
    if (generation != null) {
      out.putInt(written.length);
      for (int token : written) {
        out.putInt(token);
      }
    }
    return out.array();
  }

  Memory parse(byte[] bytes) {
    if (bytes.length < MODEL_AT + MODEL_BYTES
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IllegalArgumentException(
          "%d bytes are not a memory: expected %s bytes that begin with GMEM, of model %s"
              .formatted(bytes.length, expectedSize(), model()));
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
    if (bytes.length < header.length
        || !Arrays.equals(bytes, 0, header.length, header, 0, header.length)) {
      throw damaged(bytes.length);
    }
    in.position(header.length);
    byte[][] values = new byte[tensors.size()][];
    long total = 0;
    for (int i = 0; i < values.length; i++) {
      long length = tensors.get(i).grows() ? count(in, Integer.MAX_VALUE) : 1;
      total += length * unitBytes[i];
      if (total > in.remaining()) {
        throw damaged(bytes.length);
      }
      values[i] = new byte[Math.toIntExact(length * unitBytes[i])];
    }
    if (total > in.remaining()) {
      throw damaged(bytes.length);
    }
    for (byte[] tensor : values) {
      in.get(tensor);
    }
    int[] written = generation == null ? NOTHING_WRITTEN : written(in, generation);
    if (in.hasRemaining()) {
      throw damaged(bytes.length);
    }
    return new Memory(this, values, written);
  }

  private int[] written(ByteBuffer in, Generation generation) {
    int[] written = new int[count(in, generation.prefixTokens())];
    if (in.remaining() < written.length * Integer.BYTES) {
      throw damaged(in.capacity());
    }
    for (int i = 0; i < written.length; i++) {
      written[i] = in.getInt();
      if (written[i] < 0 || written[i] >= vocabulary) {
        throw damaged(in.capacity());
      }
    }
    return written;
  }

  private int count(ByteBuffer in, int most) {
    if (in.remaining() < Integer.BYTES) {
      throw damaged(in.capacity());
    }
    int count = in.getInt();
    if (count < 0 || count > most) {
      throw damaged(in.capacity());
    }
    return count;
  }

  private IllegalArgumentException damaged(int size) {
    return new IllegalArgumentException(
        "memory of model %s is damaged: it has %d bytes, model %s writes %s; rebuild it by reading the stream again"
            .formatted(model(), size, model(), expectedSize()));
  }

  private String expectedSize() {
    int least = empty().sizeInBytes();
    if (grows()) {
      return least + " or more";
    }
    int most = largestInBytes();
    return least == most ? Integer.toString(least) : least + " to " + most;
  }

  IllegalArgumentException ofAnotherModel(String from) {
    return new IllegalArgumentException(
        "memory is of model %s, this is model %s; run the model that made it, or rebuild it by reading the stream again"
            .formatted(from, model()));
  }
}
