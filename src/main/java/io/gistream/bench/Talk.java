package io.gistream.bench;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Talks without end made of real sentences, a chunk every ten seconds. */
record Talk(List<String> texts) {
  static final long CHUNK_MILLIS = 10_000;

  private static final int FRESH_EVERY = 5;

  Talk {
    texts = List.copyOf(texts);
  }

  /**
   * A chunk whose sentences nobody has heard before: every {@value #FRESH_EVERY}th word is another
   * one of the texts, drawn by stream and place, so that no state of a sentence can be remembered
   * from elsewhere. As long as real talk, and split as it is.
   */
  TranscriptChunk freshChunk(String streamId, int number, int sequence, boolean end) {
    SplittableRandom random = new SplittableRandom(((long) number << 32) + sequence);
    String[] words = text(number, sequence).split(" ");
    for (int w = random.nextInt(FRESH_EVERY); w < words.length; w += FRESH_EVERY) {
      String[] others = texts.get(random.nextInt(texts.size())).split(" ");
      String other = others[random.nextInt(others.length)].replaceAll("\\W+$", "");
      words[w] = other + words[w].replaceFirst("^.*?(\\W*)$", "$1");
    }
    return chunk(streamId, sequence, String.join(" ", words), end);
  }

  /** A chunk of a stream; streams with other numbers begin elsewhere in the texts. */
  TranscriptChunk chunk(String streamId, int number, int sequence, boolean end) {
    return chunk(streamId, sequence, text(number, sequence), end);
  }

  private String text(int number, int sequence) {
    return texts.get(Math.floorMod(number * 31 + sequence, texts.size()));
  }

  private static TranscriptChunk chunk(String streamId, int sequence, String text, boolean end) {
    return new TranscriptChunk(
        streamId,
        (long) sequence,
        text,
        sequence % 2 == 0 ? "Ann" : "Bob",
        sequence * CHUNK_MILLIS,
        (sequence + 1) * CHUNK_MILLIS,
        ChunkStatus.CONFIRMED,
        end,
        Map.of());
  }
}
