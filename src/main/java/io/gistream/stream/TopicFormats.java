package io.gistream.stream;

import io.gistream.avro.RollingSummary;
import io.gistream.serde.AvroCodec;
import io.gistream.serde.ValueFormat;

/**
 * How values stand on the topics.
 *
 * @param chunks how what comes in is read
 * @param summaries how what goes out is written
 */
public record TopicFormats(ChunkDecoder chunks, ValueFormat<RollingSummary> summaries) {
  /** Avro single-object encoding on all of them. */
  public static TopicFormats singleObject() {
    return new TopicFormats(ChunkDecoder.singleObject(), AvroCodec.summary());
  }
}
