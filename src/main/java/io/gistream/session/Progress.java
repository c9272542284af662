package io.gistream.session;

import io.gistream.avro.OpenChunk;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.SessionState;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.model.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a talk has come: the fields of {@link SessionState} and the memory, while a chunk is
 * worked on. Its lists are never changed in place, so a {@link #copy()} is cheap and stands for
 * itself.
 */
final class Progress {
  /** How many gaps are listed; the oldest are forgotten first. */
  private static final int MAX_GAPS = 64;

  private static final long NEVER = Long.MIN_VALUE;

  final String streamId;
  int epoch;
  long nextSequence;
  long lastTimestamp = NEVER;

  /** Where the stream's time stood when {@link #nextSequence} last moved. */
  long lastAdvance = NEVER;

  boolean ended;
  boolean closed;
  long wordsHeard;
  @Nullable Long firstSequence;
  List<SequenceRange> gaps = List.of();
  @Nullable Long startMillis;
  @Nullable Long endMillis;
  long sentencesFolded;
  List<OpenChunk> open = List.of();
  List<SummarySentence> candidates = List.of();

  /**
   * Ids of what was shown last, drafts left aside, so that a draft cannot sway what is shown later.
   */
  List<Long> shown = List.of();

  @Nullable RollingSummary latest;
  Memory memory;

  /** Sentences written that nothing supports, since this was last told; never saved. */
  int replaced;

  int removed;

  Progress(String streamId, Memory memory) {
    this.streamId = streamId;
    this.memory = memory;
  }

  Progress(SessionState state, Memory memory) {
    this(state.getStreamId(), memory);
    epoch = state.getEpoch();
    nextSequence = state.getNextSequence();
    lastTimestamp = state.getLastTimestamp();
    lastAdvance = state.getLastAdvance();
    ended = state.getEnded();
    closed = state.getClosed();
    wordsHeard = state.getWordsHeard();
    firstSequence = state.getFirstSequence();
    gaps = state.getGaps();
    startMillis = state.getStartMillis();
    endMillis = state.getEndMillis();
    sentencesFolded = state.getSentencesFolded();
    open = state.getOpen();
    candidates = state.getCandidates();
    shown = state.getShown();
    latest = state.getLatest();
  }

  SessionState toState(String modelSha256) {
    return new SessionState(
        streamId,
        epoch,
        modelSha256,
        nextSequence,
        lastTimestamp,
        lastAdvance,
        ended,
        closed,
        wordsHeard,
        firstSequence,
        gaps,
        startMillis,
        endMillis,
        sentencesFolded,
        open,
        candidates,
        shown,
        latest);
  }

  Progress copy() {
    Progress copy = new Progress(streamId, memory);
    copy.epoch = epoch;
    copy.nextSequence = nextSequence;
    copy.lastTimestamp = lastTimestamp;
    copy.lastAdvance = lastAdvance;
    copy.ended = ended;
    copy.closed = closed;
    copy.wordsHeard = wordsHeard;
    copy.firstSequence = firstSequence;
    copy.gaps = gaps;
    copy.startMillis = startMillis;
    copy.endMillis = endMillis;
    copy.sentencesFolded = sentencesFolded;
    copy.open = open;
    copy.candidates = candidates;
    copy.shown = shown;
    copy.latest = latest;
    copy.replaced = replaced;
    copy.removed = removed;
    return copy;
  }

  /** The next talk of the same stream: all is forgotten but the place in the order. */
  Progress nextEpoch(Memory empty, long firstExpected) {
    Progress next = new Progress(streamId, empty);
    next.epoch = epoch + 1;
    next.nextSequence = firstExpected;
    next.lastTimestamp = lastTimestamp;
    return next;
  }

  /**
   * How long nothing had come when this timestamp was reached, in milliseconds; 0 for a new stream.
   */
  long silenceUntil(long timestamp) {
    return lastTimestamp == NEVER ? 0 : Math.max(0, timestamp - lastTimestamp);
  }

  /** How much time went by on this stream since a timestamp, in milliseconds. */
  long elapsedSince(long timestamp) {
    return Math.max(0, lastTimestamp - timestamp);
  }

  void seen(long timestamp) {
    lastTimestamp = Math.max(lastTimestamp, timestamp);
  }

  /** Takes the text of the next chunk in; its place in the order is the caller's business. */
  void append(TranscriptChunk chunk, long timestamp) {
    if (firstSequence == null) {
      firstSequence = chunk.getSequence();
    }
    startMillis = least(startMillis, chunk.getStartMillis());
    endMillis = greatest(endMillis, chunk.getEndMillis());
    if (chunk.getText().isBlank()) {
      return;
    }
    wordsHeard += words(chunk.getText());
    List<OpenChunk> longer = new ArrayList<>(open);
    longer.add(
        new OpenChunk(
            chunk.getSequence(),
            chunk.getText(),
            chunk.getSpeaker(),
            chunk.getStartMillis(),
            chunk.getEndMillis(),
            timestamp));
    open = longer;
  }

  void missed(long first, long last) {
    List<SequenceRange> more = new ArrayList<>(gaps);
    int end = more.size() - 1;
    if (end >= 0 && more.get(end).getLast() == first - 1) {
      more.set(end, new SequenceRange(more.get(end).getFirst(), last));
    } else {
      more.add(new SequenceRange(first, last));
    }
    gaps = more.size() > MAX_GAPS ? List.copyOf(more.subList(1, more.size())) : more;
  }

  private static long words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }

  private static @Nullable Long least(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(Math.min(a, b));
  }

  private static @Nullable Long greatest(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(Math.max(a, b));
  }
}
