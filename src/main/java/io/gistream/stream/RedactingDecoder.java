package io.gistream.stream;

import io.gistream.avro.TranscriptChunk;
import io.gistream.redaction.Redactor;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Masks chunks before anyone else sees them. The value that a chunk came in is not kept: it has
 * what is to be masked.
 *
 * @param keepsRejected whether the value of a record that is no chunk is, in the dead letters
 */
public record RedactingDecoder(ChunkDecoder decoder, Redactor redactor, boolean keepsRejected)
    implements ChunkDecoder {
  @Override
  public TranscriptChunk decode(byte @Nullable [] key, byte[] value, Headers headers) {
    return redactor.apply(decoder.decode(key, value, headers));
  }

  @Override
  public boolean keepsValues() {
    return false;
  }
}
