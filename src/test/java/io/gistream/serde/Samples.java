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
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * The records behind {@code src/test/resources/avro/<Record>.v<n>.bin}, as this release reads them:
 * a field that a version did not have yet has its default here. One per stored version, in order.
 */
final class Samples {
  private static final Source SOURCE =
      new Source(List.of(3L, 4L), 12_000L, null, List.of("Ada", "Zoë"));
  private static final SummarySentence SENTENCE =
      new SummarySentence(7L, "We ship on Friday.", 1.25f, 0.5f, Origin.GENERATED, SOURCE);
  private static final RollingSummary SUMMARY =
      new RollingSummary(
          "talk/1",
          2,
          9L,
          "We ship on Friday.",
          List.of(SENTENCE),
          List.of("We ship on Friday."),
          List.of("We ship on Monday."),
          new SequenceRange(0L, 4L),
          List.of(new SequenceRange(1L, 2L)),
          true,
          false,
          0L,
          12_500L,
          4_321L,
          "compact-raf",
          "1.0.0");

  private Samples() {}

  static TranscriptChunk chunk() {
    return chunks().get(chunks().size() - 1);
  }

  static List<TranscriptChunk> chunks() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("source", "room 4");
    attributes.put("language", "en");
    attributes.put("Übung", "\uD83D\uDE80");
    return List.of(
        new TranscriptChunk(
            "talk/1",
            4L,
            "We ship on Friday.",
            "Zoë",
            12_000L,
            12_500L,
            ChunkStatus.DRAFT,
            true,
            attributes));
  }

  static List<RollingSummary> summaries() {
    return List.of(SUMMARY);
  }

  static List<SessionState> sessions() {
    return List.of(
        new SessionState(
            "talk/1",
            2,
            "ab".repeat(32),
            3L,
            5L,
            1_700_000_000_000L,
            1_699_999_999_000L,
            false,
            true,
            4L,
            -7,
            SUMMARY,
            4L,
            ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
  }

  static List<Checkpoint> checkpoints() {
    return List.of(
        new Checkpoint(
            "ab".repeat(32),
            5L,
            4_321L,
            0L,
            List.of(new SequenceRange(1L, 2L)),
            0L,
            12_500L,
            11L,
            3L,
            List.of(new OpenChunk(4L, "And then", null, null, 12_500L, 1_700_000_000_000L)),
            List.of(SENTENCE),
            List.of(7L),
            ByteBuffer.wrap(new byte[] {1, 2}),
            ByteBuffer.wrap(new byte[] {3, 4, 5})));
  }

  static List<HeardChunk> heardChunks() {
    return List.of(
        new HeardChunk(
            4L, "And then", "Zoë", null, 12_500L, 1_700_000_000_000L, true, 3L, List.of(7L, 8L)));
  }

  static List<InboxEntry> inboxEntries() {
    return List.of(
        new InboxEntry(
            "gistream.chunks",
            3,
            42L,
            1_700_000_000_000L,
            List.of(
                new EntryHeader("traceparent", ByteBuffer.wrap(new byte[] {1, 2})),
                new EntryHeader("empty", null)),
            ByteBuffer.wrap(new byte[] {3}),
            ByteBuffer.wrap(new byte[] {4, 5}),
            ByteBuffer.wrap(new byte[] {6}),
            true,
            true));
  }

  static List<? extends SpecificRecord> of(String record) {
    return switch (record) {
      case "TranscriptChunk" -> chunks();
      case "RollingSummary" -> summaries();
      case "SessionState" -> sessions();
      case "Checkpoint" -> checkpoints();
      case "HeardChunk" -> heardChunks();
      case "InboxEntry" -> inboxEntries();
      default -> throw new IllegalArgumentException(record);
    };
  }
}
