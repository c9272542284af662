package io.gistream.stream;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Said;
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
            true),
        place);
  }

  @Override
  public long timestamp() {
    return entry.getTimestamp();
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
