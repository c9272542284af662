package io.gistream.api;

import io.gistream.avro.TranscriptChunk;
import io.gistream.feed.Cursor;
import io.gistream.feed.FeedRecord;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as JSON: the fields of the Avro record, under the same names.
 *
 * @param timestamp event time, milliseconds since the epoch
 * @param eventId where events that come later begin
 */
record ChunkView(
    String streamId,
    long sequence,
    String text,
    @Nullable String speaker,
    @Nullable Long startMillis,
    @Nullable Long endMillis,
    String status,
    boolean endOfStream,
    Map<String, String> attributes,
    long timestamp,
    String eventId) {

  static ChunkView of(FeedRecord.Chunk record, Cursor after) {
    TranscriptChunk chunk = record.chunk();
    return new ChunkView(
        chunk.getStreamId(),
        chunk.getSequence(),
        chunk.getText(),
        chunk.getSpeaker(),
        chunk.getStartMillis(),
        chunk.getEndMillis(),
        chunk.getStatus().name(),
        chunk.getEndOfStream(),
        new TreeMap<>(chunk.getAttributes()),
        record.timestamp(),
        after.toString());
  }
}
