package io.gistream.serde;

import io.gistream.avro.Checkpoint;
import io.gistream.avro.ChunkStatus;
import io.gistream.avro.EntryHeader;
import io.gistream.avro.HeardChunk;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.OpenChunk;
import io.gistream.avro.Origin;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.SessionState;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * Avro's reflection with our classes named up front. Avro looks classes up by the name a schema
 * gives, and so refuses those that the system property {@code
 * org.apache.avro.SERIALIZABLE_PACKAGES} does not allow; a library must not ask its users to set
 * one.
 */
final class GistreamData extends SpecificData {
  static final GistreamData INSTANCE = new GistreamData();

  private static final Map<String, Class<?>> CLASSES =
      Map.ofEntries(
          Map.entry("io.gistream.avro.Checkpoint", Checkpoint.class),
          Map.entry("io.gistream.avro.ChunkStatus", ChunkStatus.class),
          Map.entry("io.gistream.avro.EntryHeader", EntryHeader.class),
          Map.entry("io.gistream.avro.HeardChunk", HeardChunk.class),
          Map.entry("io.gistream.avro.InboxEntry", InboxEntry.class),
          Map.entry("io.gistream.avro.OpenChunk", OpenChunk.class),
          Map.entry("io.gistream.avro.Origin", Origin.class),
          Map.entry("io.gistream.avro.RollingSummary", RollingSummary.class),
          Map.entry("io.gistream.avro.SequenceRange", SequenceRange.class),
          Map.entry("io.gistream.avro.SessionState", SessionState.class),
          Map.entry("io.gistream.avro.Source", Source.class),
          Map.entry("io.gistream.avro.SummarySentence", SummarySentence.class),
          Map.entry("io.gistream.avro.TranscriptChunk", TranscriptChunk.class));

  private GistreamData() {
    super(GistreamData.class.getClassLoader());
  }

  @Override
  @SuppressWarnings("rawtypes") // as declared by Avro
  public Class getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM -> {
        Class<?> known = CLASSES.get(schema.getFullName());
        if (known == null) {
          throw new IllegalArgumentException("no class for Avro type " + schema.getFullName());
        }
        yield known;
      }
      default -> super.getClass(schema);
    };
  }
}
