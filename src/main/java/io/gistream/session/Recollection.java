package io.gistream.session;

import io.gistream.avro.Checkpoint;
import io.gistream.avro.HeardChunk;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Memory;
import io.gistream.model.SummaryModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a talk remembers of itself: a checkpoint and the chunks heard since, from which everything
 * later can be told again, and, as long as the process lives, the states on the way and the present
 * one, so that nothing has to be.
 *
 * <pre>
 *   checkpoint ---- heard ---- heard ---- heard ---- heard ---- now
 *     stored        stored    |stored     stored     stored |   kept in the process
 *                             +-- later: kept in the process, a checkpoint once it is
 *                                 correction.horizon segments old
 * </pre>
 *
 * <p>A checkpoint is taken every {@code memory.checkpoint-interval} segments, and is stored once
 * {@code correction.horizon} more segments were folded: so a chunk that is not further back can
 * always be replaced, and whether it can does not depend on where the checkpoints lie. A talk that
 * goes on without anything to fold, as one of silent chunks does, gets checkpoints too: no more
 * than {@value #MOST_HEARD} chunks can be replaced, and not many more are kept. Immutable.
 */
public final class Recollection {
  /** How many chunks back a chunk can be replaced at most. */
  public static final int MOST_HEARD = 1024;

  /** Chunks after which a checkpoint is taken, however few segments they made. */
  private static final int CHECKPOINT_CHUNKS = 256;

  private final Content checkpoint;
  private final EarlierChunks earlier;
  private final List<HeardChunk> heard;
  private final List<Content> later;
  private final @Nullable Content now;

  private Recollection(
      Content checkpoint,
      EarlierChunks earlier,
      List<HeardChunk> heard,
      List<Content> later,
      @Nullable Content now) {
    this.checkpoint = checkpoint;
    this.earlier = earlier;
    this.heard = List.copyOf(heard);
    this.later = List.copyOf(later);
    this.now = now;
  }

  /** Of a talk that has said nothing, whose first chunk should have this sequence number. */
  static Recollection begin(long firstExpected, Memory empty) {
    Content nothing = Content.empty(firstExpected, empty);
    return new Recollection(
        nothing, EarlierChunks.none(firstExpected), List.of(), List.of(), nothing);
  }

  /**
   * As it was stored.
   *
   * @param saved empty when no checkpoint has been stored since the talk began
   * @param heard chunks since, ascending
   * @param firstExpected of the talk's {@link io.gistream.avro.SessionState}
   */
  public static Recollection stored(
      Optional<Checkpoint> saved, List<HeardChunk> heard, long firstExpected, SummaryModel model) {
    if (saved.isEmpty()) {
      Content nothing = Content.empty(firstExpected, model.emptyMemory());
      return new Recollection(
          nothing,
          EarlierChunks.none(firstExpected),
          heard,
          List.of(),
          heard.isEmpty() ? nothing : null);
    }
    Content content = Content.of(saved.get(), model);
    EarlierChunks earlier =
        new EarlierChunks(Content.bytes(saved.get().getEarlier()), content.nextSequence());
    return new Recollection(content, earlier, heard, List.of(), heard.isEmpty() ? content : null);
  }

  /** The checkpoint to store; empty while the talk's beginning is the checkpoint. */
  public Optional<Checkpoint> checkpoint(String modelSha256) {
    return checkpoint.firstSequence() == null && checkpoint.gaps().isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoint.toCheckpoint(earlier, modelSha256));
  }

  /** Whether both have the same checkpoint, so that it need not be stored again. */
  public boolean sharesCheckpointWith(Recollection other) {
    return checkpoint == other.checkpoint;
  }

  /** The chunks to store beside the checkpoint, ascending. */
  public List<HeardChunk> heard() {
    return heard;
  }

  /** Bytes that this keeps in the process, roughly. */
  public long sizeInBytes() {
    long bytes = 1024L + (2L + later.size()) * checkpoint.memory().sizeInBytes();
    for (HeardChunk chunk : heard) {
      bytes += 256L + 2L * chunk.getText().length();
    }
    return bytes;
  }

  /**
   * A memory, to be looked at.
   *
   * @param segments folded into it
   * @param present whether it is that of now, and not that of the checkpoint
   */
  public record Remembered(Memory memory, long segments, boolean present) {}

  /** The memory of now; where that has to be told again first, that of the checkpoint. */
  public Remembered remembered() {
    Content content = now == null ? checkpoint : now;
    return new Remembered(content.memory(), content.segmentsFolded(), now != null);
  }

  // for the session

  /** The present; null when it has to be told from the checkpoint first. */
  @Nullable Content now() {
    return now;
  }

  Content start() {
    return checkpoint;
  }

  /** With one more chunk behind the others. */
  Recollection with(HeardChunk chunk, Content present, SummaryOptions options) {
    List<HeardChunk> chunks = new ArrayList<>(heard);
    chunks.add(chunk);
    List<Content> states = new ArrayList<>(later);
    Content last = states.isEmpty() ? checkpoint : states.get(states.size() - 1);
    if (present.segmentsFolded() - last.segmentsFolded() >= options.checkpointInterval()
        || chunksSince(last, chunks) >= CHECKPOINT_CHUNKS) {
      states.add(present);
    }
    Content base = checkpoint;
    while (!states.isEmpty()
        && (present.segmentsFolded() - states.get(0).segmentsFolded() >= options.correctionHorizon()
            || chunksSince(states.get(0), chunks) >= MOST_HEARD)) {
      base = states.remove(0);
    }
    if (base == checkpoint) {
      return new Recollection(checkpoint, earlier, chunks, states, present);
    }
    long end = base.nextSequence();
    int covered = 0;
    while (covered < chunks.size() && chunks.get(covered).getSequence() < end) {
      covered++;
    }
    return new Recollection(
        base,
        earlier.with(chunks.subList(0, covered), end),
        chunks.subList(covered, chunks.size()),
        states,
        present);
  }

  private static int chunksSince(Content state, List<HeardChunk> chunks) {
    int first = chunks.size();
    while (first > 0 && chunks.get(first - 1).getSequence() >= state.nextSequence()) {
      first--;
    }
    return chunks.size() - first;
  }

  /** What a repeated sequence number means. */
  enum Repetition {
    /** Nothing new. */
    DUPLICATE,
    /** Other content, or a chunk that was missing, near enough to be told again. */
    CORRECTION,
    /** Other content, or a chunk that was missing, too far back. */
    TOO_LATE
  }

  Repetition repetition(TranscriptChunk chunk, SummaryOptions options) {
    long sequence = chunk.getSequence();
    if (sequence < checkpoint.nextSequence()) {
      return switch (earlier.known(sequence, ChunkDigest.of(chunk))) {
        case REPEATED, FORGOTTEN -> Repetition.DUPLICATE;
        case CORRECTED, LATE -> Repetition.TOO_LATE;
      };
    }
    for (int i = 0; i < heard.size(); i++) {
      HeardChunk chunkThen = heard.get(i);
      if (chunkThen.getSequence() == sequence && ChunkDigest.same(chunkThen, chunk)) {
        return Repetition.DUPLICATE;
      }
      if (chunkThen.getSequence() >= sequence) {
        boolean near =
            segmentsFolded() - chunkThen.getSegmentsBefore() <= options.correctionHorizon()
                && heard.size() - i <= MOST_HEARD;
        return near ? Repetition.CORRECTION : Repetition.TOO_LATE;
      }
    }
    return Repetition.DUPLICATE;
  }

  private long segmentsFolded() {
    if (now == null) {
      throw new IllegalStateException("the present has not been told yet");
    }
    return now.segmentsFolded();
  }

  /** When a chunk that comes now, in its place, counts as having come. */
  long timeOf(long sequence, long timestamp) {
    for (HeardChunk chunk : heard) {
      if (chunk.getSequence() == sequence) {
        return chunk.getTimestamp();
      }
      if (chunk.getSequence() > sequence) {
        return Math.min(timestamp, chunk.getTimestamp());
      }
    }
    return timestamp;
  }

  /** The latest state that no chunk from this one on is part of. */
  Content stateBefore(long sequence) {
    Content latest = checkpoint;
    for (Content state : later) {
      if (state.nextSequence() <= sequence) {
        latest = state;
      }
    }
    return latest;
  }

  /** As it was at a state that it has. */
  Recollection backTo(Content state) {
    return new Recollection(
        checkpoint,
        earlier,
        heard.stream().filter(chunk -> chunk.getSequence() < state.nextSequence()).toList(),
        later.stream().filter(s -> s.nextSequence() <= state.nextSequence()).toList(),
        state);
  }

  /** The chunks heard since a state, with this one in the place of that with its number. */
  List<HeardChunk> since(Content state, HeardChunk corrected) {
    List<HeardChunk> chunks = new ArrayList<>();
    boolean placed = false;
    for (HeardChunk chunk : since(state)) {
      if (!placed && chunk.getSequence() >= corrected.getSequence()) {
        chunks.add(corrected);
        placed = true;
      }
      if (chunk.getSequence() != corrected.getSequence()) {
        chunks.add(chunk);
      }
    }
    return chunks;
  }

  /** The chunks heard since a state. */
  List<HeardChunk> since(Content state) {
    return heard.stream().filter(chunk -> chunk.getSequence() >= state.nextSequence()).toList();
  }
}
