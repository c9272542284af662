package io.gistream.stream;

import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import io.gistream.serde.ValueFormat;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunk out of a record's bytes. Throws any {@link RuntimeException} when it cannot: the
 * record then goes to the dead letters as it came, with the exception's message. Throws a {@link
 * org.apache.kafka.common.errors.RetriableException} when it cannot say now: the transaction is
 * given up, and the record comes again.
 */
@FunctionalInterface
public interface ChunkDecoder {
  /**
   * @param key the record's key, null when it has none
   * @param value the record's value
   * @param headers the record's headers, not to be changed
   */
  TranscriptChunk decode(byte @Nullable [] key, byte[] value, Headers headers);

  /**
   * Whether the record's value is kept beside the chunk, for the dead letters it may come to. If
   * not, all that is kept is what {@link #decode} returned.
   */
  default boolean keepsValues() {
    return true;
  }

  /** Whether a record that cannot be decoded goes to the dead letters with its value. */
  default boolean keepsRejected() {
    return true;
  }

  /** Avro single-object encoding of {@link TranscriptChunk}. */
  static ChunkDecoder singleObject() {
    return of(AvroCodec.chunk());
  }

  /** Values in a format that needs neither key nor headers. */
  static ChunkDecoder of(ValueFormat<TranscriptChunk> format) {
    return (key, value, headers) -> format.decode(value);
  }
}
