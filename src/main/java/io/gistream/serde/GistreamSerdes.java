package io.gistream.serde;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.avro.TranscriptChunk;
import org.apache.kafka.common.serialization.Serde;

/**
 * {@link AvroCodec} for Kafka. Null stays null, a tombstone; bytes that hold no record give an
 * {@link UndecodableException}.
 */
public final class GistreamSerdes {
  private GistreamSerdes() {}

  public static Serde<TranscriptChunk> chunk() {
    return AvroCodec.chunk().serde();
  }

  public static Serde<RollingSummary> summary() {
    return AvroCodec.summary().serde();
  }

  public static Serde<InboxEntry> inboxEntry() {
    return AvroCodec.inboxEntry().serde();
  }

  public static Serde<SessionState> session() {
    return AvroCodec.session().serde();
  }
}
