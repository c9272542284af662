package io.gistream.stream;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Said;
import io.gistream.stream.ChunkIntake.Arrival;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A chunk with the record it came in: what waits in the inbox.
 *
 * @param entry the record it came in
 * @param chunk as decoded once, when it came
 */
public record QueuedChunk(InboxEntry entry, TranscriptChunk chunk) implements Said {
  /** The chunk of a saved entry; no decoder but our own is asked, so that it is what it was. */
  static QueuedChunk of(InboxEntry entry) {
    ByteBuffer encoded = entry.getChunk() == null ? entry.getValue() : entry.getChunk();
    return new QueuedChunk(entry, AvroCodec.chunk().decode(bytes(encoded)));
  }

  /** The wish that a stream be erased, to take its turn among the stream's chunks. */
  static QueuedChunk erasure(Arrival arrival, byte[] key, String streamId) {
    TranscriptChunk none =
        new TranscriptChunk(
            streamId, 0L, "", null, null, null, ChunkStatus.CONFIRMED, false, Map.of());
    return new QueuedChunk(
        new InboxEntry(
            arrival.topic(),
            arrival.partition(),
            arrival.offset(),
            arrival.timestamp(),
            List.of(),
            ByteBuffer.wrap(key),
            ByteBuffer.allocate(0),
            ByteBuffer.wrap(AvroCodec.chunk().encode(none)),
            false,
            true),
        none);
  }

  /** This chunk with nothing but its place in the order. */
  public QueuedChunk withoutText() {
    TranscriptChunk place =
        new TranscriptChunk(
            chunk.getStreamId(),
            chunk.getSequence(),
            "",
            null,
            null,
            null,
            chunk.getStatus(),
            chunk.getEndOfStream(),
            Map.of());
    return new QueuedChunk(
        new InboxEntry(
            entry.getTopic(),
            entry.getPartition(),
            entry.getOffset(),
            entry.getTimestamp(),
            List.of(),
            entry.getKey(),
            ByteBuffer.allocate(0),
            ByteBuffer.wrap(AvroCodec.chunk().encode(place)),
            true,
            false),
        place);
  }

  @Override
  public long timestamp() {
    return entry.getTimestamp();
  }

  /** Whether it is no chunk, but the wish that all that is known of its stream be erased. */
  public boolean erasure() {
    return entry.getErasure();
  }

  @Override
  public boolean lost() {
    return entry.getLost();
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
