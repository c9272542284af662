package io.gistream.stream;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.TranscriptChunk;
import io.gistream.session.Said;

/**
 * A chunk in the inbox.
 *
 * @param entry the record it came in
 * @param chunk decoded from it
 */
record QueuedChunk(InboxEntry entry, TranscriptChunk chunk) implements Said {
  @Override
  public long timestamp() {
    return entry.getTimestamp();
  }

  @Override
  public boolean lost() {
    return entry.getLost();
  }
}
