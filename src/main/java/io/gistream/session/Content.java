package io.gistream.session;

import io.gistream.avro.Checkpoint;
import io.gistream.avro.OpenChunk;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.SummarySentence;
import io.gistream.model.Memory;
import io.gistream.model.SummaryModel;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a talk had said at the end of one chunk, memory included: all that the next chunk's text
 * meets. The fields are those of {@link Checkpoint}.
 */
record Content(
    long nextSequence,
    long wordsHeard,
    @Nullable Long firstSequence,
    List<SequenceRange> gaps,
    @Nullable Long startMillis,
    @Nullable Long endMillis,
    long sentencesFolded,
    long segmentsFolded,
    List<OpenChunk> open,
    List<SummarySentence> candidates,
    List<Long> shown,
    Memory memory) {

  /** Nothing said yet. */
  static Content empty(long firstExpected, Memory memory) {
    return new Content(
        firstExpected,
        0,
        null,
        List.of(),
        null,
        null,
        0,
        0,
        List.of(),
        List.of(),
        List.of(),
        memory);
  }

  static Content of(Checkpoint saved, SummaryModel model) {
    return new Content(
        saved.getNextSequence(),
        saved.getWordsHeard(),
        saved.getFirstSequence(),
        saved.getGaps(),
        saved.getStartMillis(),
        saved.getEndMillis(),
        saved.getSentencesFolded(),
        saved.getSegmentsFolded(),
        saved.getOpen(),
        saved.getCandidates(),
        saved.getShown(),
        model.memory(bytes(saved.getMemory())));
  }

  Checkpoint toCheckpoint(EarlierChunks earlier, String modelSha256) {
    return new Checkpoint(
        modelSha256,
        nextSequence,
        wordsHeard,
        firstSequence,
        gaps,
        startMillis,
        endMillis,
        sentencesFolded,
        segmentsFolded,
        open,
        candidates,
        shown,
        ByteBuffer.wrap(earlier.toBytes()),
        ByteBuffer.wrap(memory.toBytes()));
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
