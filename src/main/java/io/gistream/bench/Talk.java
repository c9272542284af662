package io.gistream.bench;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import java.util.List;
import java.util.Map;

/** Talks without end made of real sentences, a chunk every ten seconds. */
record Talk(List<String> texts) {
  static final long CHUNK_MILLIS = 10_000;

  Talk {
    texts = List.copyOf(texts);
  }

  /** A chunk of a stream; streams with other numbers begin elsewhere in the texts. */
  TranscriptChunk chunk(String streamId, int number, int sequence, boolean end) {
    return new TranscriptChunk(
        streamId,
        (long) sequence,
        texts.get(Math.floorMod(number * 31 + sequence, texts.size())),
        sequence % 2 == 0 ? "Ann" : "Bob",
        sequence * CHUNK_MILLIS,
        (sequence + 1) * CHUNK_MILLIS,
        ChunkStatus.CONFIRMED,
        end,
        Map.of());
  }
}
