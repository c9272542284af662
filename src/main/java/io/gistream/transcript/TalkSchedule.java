package io.gistream.transcript;

import io.gistream.avro.TranscriptChunk;
import java.util.List;

/** When each chunk of a recorded talk was said, as {@link TalkClock} has it. */
public final class TalkSchedule {
  private final List<TranscriptChunk> chunks;
  private final long[] at;

  private TalkSchedule(List<TranscriptChunk> chunks, long[] at) {
    this.chunks = chunks;
    this.at = at;
  }

  /**
   * The schedule of a talk.
   *
   * @param chunks of one talk, at least one
   */
  public static TalkSchedule of(List<TranscriptChunk> chunks) {
    TalkClock clock = new TalkClock();
    return new TalkSchedule(List.copyOf(chunks), chunks.stream().mapToLong(clock::next).toArray());
  }

  public List<TranscriptChunk> chunks() {
    return chunks;
  }

  /** When a chunk was said, milliseconds from the beginning of the talk. */
  public long at(int chunk) {
    return at[chunk];
  }

  /** When the last chunk was said. */
  public long lengthMillis() {
    return at[at.length - 1];
  }
}
