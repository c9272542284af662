/**
 * Bytes on the wire: Avro single-object encoding of the records in {@code schemas/}, as codecs and
 * as Kafka serdes.
 *
 * <pre>{@code
 * byte[] value = AvroCodec.chunk().encode(chunk);
 * TranscriptChunk chunk = AvroCodec.chunk().decode(value);
 * }</pre>
 */
@NullMarked
package io.gistream.serde;

import org.jspecify.annotations.NullMarked;
