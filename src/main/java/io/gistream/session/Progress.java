package io.gistream.session;

import io.gistream.avro.HeardChunk;
import io.gistream.avro.OpenChunk;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.SessionState;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Memory;
import io.gistream.session.Recollection.Repetition;
import io.gistream.summary.WhiteSpace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a talk has come, while a chunk is worked on: the fields of {@link SessionState}, and its
 * {@link Content}. Its lists are never changed in place, so a {@link #copy()} is cheap and stands
 * for itself.
 */
final class Progress {
  /** How many gaps are listed; the oldest are forgotten first. */
  private static final int MAX_GAPS = 64;

  private static final long NEVER = Long.MIN_VALUE;

  final String streamId;
  int epoch;
  final long firstExpected;
  long nextSequence;
  long lastTimestamp = NEVER;

  /** Where the stream's time stood when {@link #nextSequence} last moved. */
  long lastAdvance = NEVER;

  boolean ended;
  boolean closed;

  /** Whether all that comes is taken back: what would be shown is asked for, no more. */
  boolean trial;

  int firstDigest;
  @Nullable RollingSummary latest;

  /**
   * The lowest sequence number that another chunk may still take. Never goes back: a correction may
   * make fewer segments of what was said, and what had been left behind by then stays so, whether a
   * checkpoint has come between or not.
   */
  long correctableFrom;

  /**
   * The chunks before {@link #nextSequence} of a talk that has ended, else those before it began.
   */
  EarlierChunks before;

  // the content, see Content

  long wordsHeard;
  @Nullable Long firstSequence;
  List<SequenceRange> gaps = List.of();
  @Nullable Long startMillis;
  @Nullable Long endMillis;
  long sentencesFolded;
  long segmentsFolded;
  List<OpenChunk> open = List.of();
  List<SummarySentence> candidates = List.of();

  /**
   * Ids of what was shown last, drafts left aside, so that a draft cannot sway what is shown later.
   */
  List<Long> shown = List.of();

  Memory memory;

  /** What it can all be told again from. */
  Recollection recollection;

  /** Sentences written that nothing supports, since this was last told; never saved. */
  int replaced;

  int removed;

  /** A talk that has said nothing. */
  Progress(String streamId, long firstExpected, Memory empty) {
    this.streamId = streamId;
    this.firstExpected = firstExpected;
    this.nextSequence = firstExpected;
    this.correctableFrom = firstExpected;
    this.before = EarlierChunks.none(firstExpected);
    this.memory = empty;
    this.recollection = Recollection.begin(firstExpected, empty);
  }

  /** A talk as it was saved; its content is that of the checkpoint where there is no other. */
  Progress(SessionState state, Recollection recollection) {
    this(state.getStreamId(), state.getFirstExpected(), recollection.start().memory());
    this.recollection = recollection;
    Content now = recollection.now();
    setContent(now == null ? recollection.start() : now);
    epoch = state.getEpoch();
    nextSequence = state.getNextSequence();
    lastTimestamp = state.getLastTimestamp();
    lastAdvance = state.getLastAdvance();
    ended = state.getEnded();
    closed = state.getClosed();
    firstSequence = state.getFirstSequence();
    firstDigest = state.getFirstDigest();
    latest = state.getLatest();
    correctableFrom = state.getCorrectableFrom();
    before =
        new EarlierChunks(Content.bytes(state.getBefore()), ended ? nextSequence : firstExpected);
  }

  SessionState toState(String modelSha256) {
    return new SessionState(
        streamId,
        epoch,
        modelSha256,
        firstExpected,
        nextSequence,
        lastTimestamp,
        lastAdvance,
        ended,
        closed,
        firstSequence,
        firstDigest,
        latest,
        correctableFrom,
        ByteBuffer.wrap(before.toBytes()));
  }

  Content content() {
    return new Content(
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
        memory);
  }

  /** Puts the content back, and with it the place in the order. */
  void setContent(Content content) {
    nextSequence = content.nextSequence();
    wordsHeard = content.wordsHeard();
    firstSequence = content.firstSequence();
    gaps = content.gaps();
    startMillis = content.startMillis();
    endMillis = content.endMillis();
    sentencesFolded = content.sentencesFolded();
    segmentsFolded = content.segmentsFolded();
    open = content.open();
    candidates = content.candidates();
    shown = content.shown();
    memory = content.memory();
  }

  /** Forgets the content; what remains tells repetitions from another talk. */
  void end(Memory empty) {
    Long first = firstSequence;
    before = chunksSoFar();
    ended = true;
    recollection = Recollection.begin(nextSequence, empty);
    setContent(recollection.start());
    firstSequence = first;
  }

  Progress copy() {
    Progress copy = new Progress(streamId, firstExpected, memory);
    copy.setContent(content());
    copy.epoch = epoch;
    copy.lastTimestamp = lastTimestamp;
    copy.lastAdvance = lastAdvance;
    copy.ended = ended;
    copy.closed = closed;
    copy.firstDigest = firstDigest;
    copy.latest = latest;
    copy.correctableFrom = correctableFrom;
    copy.before = before;
    copy.recollection = recollection;
    copy.replaced = replaced;
    copy.removed = removed;
    return copy;
  }

  /** The next talk of the same stream: all is forgotten but the place in the order. */
  Progress nextEpoch(Memory empty, long firstExpectedThen) {
    Progress next = new Progress(streamId, firstExpectedThen, empty);
    next.epoch = epoch + 1;
    next.lastTimestamp = lastTimestamp;
    if (firstExpectedThen == nextSequence) {
      next.before = chunksSoFar();
    }
    return next;
  }

  private EarlierChunks chunksSoFar() {
    return ended ? before : recollection.chunksBefore(nextSequence).afterTheEnd();
  }

  /** Remembers a chunk that was heard. */
  void remember(HeardChunk chunk, SummaryOptions options) {
    recollection = recollection.with(chunk, content(), options);
    correctableFrom = Math.max(correctableFrom, recollection.firstWithinHorizon(options));
  }

  /** What a sequence number below {@link #nextSequence} means. */
  Repetition repetition(TranscriptChunk chunk) {
    return ended || chunk.getSequence() < firstExpected
        ? Repetition.ofOneLeftBehind(before, chunk)
        : recollection.repetition(chunk, correctableFrom);
  }

  /** How long nothing had come when this chunk did, in milliseconds; 0 for a new stream. */
  long silenceUntil(Said said) {
    return lastTimestamp == NEVER ? 0 : Math.max(0, said.timestamp() - lastTimestamp);
  }

  /** How much time went by on this stream since a timestamp, in milliseconds. */
  long elapsedSince(long timestamp) {
    return Math.max(0, lastTimestamp - timestamp);
  }

  void seen(Said said) {
    lastTimestamp = Math.max(lastTimestamp, said.timestamp());
  }

  /**
   * Takes a chunk in at its place in the order: it is the next one, whatever was missing before it.
   */
  void hear(HeardChunk chunk) {
    nextSequence = chunk.getSequence() + 1;
    if (chunk.getLost()) {
      missed(chunk.getSequence(), chunk.getSequence());
    } else {
      append(chunk);
    }
  }

  /** Takes the text of a chunk in; its place in the order is the caller's business. */
  void append(HeardChunk chunk) {
    if (firstSequence == null) {
      firstSequence = chunk.getSequence();
      firstDigest = ChunkDigest.of(chunk);
    }
    startMillis = least(startMillis, chunk.getStartMillis());
    endMillis = greatest(endMillis, chunk.getEndMillis());
    if (WhiteSpace.isBlank(chunk.getText())) {
      return;
    }
    wordsHeard += words(chunk.getText());
    List<OpenChunk> longer = new ArrayList<>(open);
    longer.add(
        new OpenChunk(
            chunk.getSequence(),
            WhiteSpace.collapse(chunk.getText()), // what is kept is bounded by what is said
            chunk.getSpeaker(),
            chunk.getStartMillis(),
            chunk.getEndMillis(),
            chunk.getTimestamp()));
    open = longer;
  }

  /** Whether chunks are missing before one that comes now: a talk may count from 1. */
  boolean misses(long sequence) {
    return sequence > nextSequence && !(sequence == 1 && nextSequence == 0);
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
