package io.gistream.stream;

import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunk out of a record's bytes. Throws any {@link RuntimeException} when it cannot: the
 * record then goes to the dead letters as it came, with the exception's message.
 */
@FunctionalInterface
public interface ChunkDecoder {
  /**
   * @param key the record's key, null when it has none
   * @param value the record's value
   * @param headers the record's headers, not to be changed
   */
  TranscriptChunk decode(byte @Nullable [] key, byte[] value, Headers headers);

  /** Avro single-object encoding of {@link TranscriptChunk}. */
  static ChunkDecoder singleObject() {
    AvroCodec<TranscriptChunk> codec = AvroCodec.chunk();
    return (key, value, headers) -> codec.decode(value);
  }
}
