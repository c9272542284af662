package io.gistream.serde;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.avro.TranscriptChunk;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * {@link AvroCodec} for Kafka. Null stays null, a tombstone; bytes that hold no record give an
 * {@link UndecodableException}.
 */
public final class GistreamSerdes {
  private GistreamSerdes() {}

  public static Serde<TranscriptChunk> chunk() {
    return serde(AvroCodec.chunk());
  }

  public static Serde<RollingSummary> summary() {
    return serde(AvroCodec.summary());
  }

  public static Serde<InboxEntry> inboxEntry() {
    return serde(AvroCodec.inboxEntry());
  }

  public static Serde<SessionState> session() {
    return serde(AvroCodec.session());
  }

  @SuppressWarnings("NullAway") // tombstones; Kafka is not annotated
  private static <T extends SpecificRecord> Serde<T> serde(AvroCodec<T> codec) {
    return Serdes.serdeFrom(
        (topic, record) -> record == null ? null : codec.encode(record),
        (topic, bytes) -> bytes == null ? null : codec.decode(bytes));
  }
}
