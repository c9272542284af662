package io.gistream.session;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.HeardChunk;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.config.SummaryOptions.SummaryEvery;
import io.gistream.model.Memory;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SummaryModel;
import io.gistream.session.OpenSegment.Cut;
import io.gistream.session.Outcome.Reason;
import io.gistream.session.Recollection.Repetition;
import io.gistream.session.SummaryWriter.Candidates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One live talk. It is told what came, asks for the segments it needs read, and gives a revised
 * summary for each chunk:
 *
 * <pre>
 *   offer -> in order? -> open segment -> due: read and fold -> candidates -> choose within the budget -> summary
 *                 |            ^      -> not due: read only -> provisional candidates ---^
 *                 |            +- from the chunk corrected on
 *                 +-> wait, correct, or drop
 * </pre>
 *
 * <p>Every summary is a function of the chunks of this stream in the order they came, and of
 * nothing else: no clock, no other stream, no batch. {@link #close()}, which timers call, only
 * brings forward the final summary that the next chunk would bring about.
 *
 * <p>Inference happens outside, for many sessions in one batch: after {@link #offer} or {@link
 * #close}, give each {@link #wanted()} its {@link #answer} until there is none, then {@link
 * #takeOutcomes()} and save {@link #state()} and {@link #recollection()}.
 */
public final class Session {
  private final SummaryModel model;
  private final SummaryOptions options;
  private final OpenSegment openSegment;
  private final SummaryWriter writer;
  private WaitingRoom waiting;
  private Progress progress;

  /** What remains to be done for the arrival at hand, in this order. */
  private final Deque<Runnable> agenda = new ArrayDeque<>();

  private final List<Outcome> outcomes = new ArrayList<>();

  /** The last chunk of what was folded for the arrival at hand; empty when nothing was. */
  private OptionalLong lastFolded = OptionalLong.empty();

  private @Nullable Read wanted;
  private @Nullable Consumer<Reading> whenRead;

  Session(
      SummaryModel model,
      SummaryOptions options,
      OpenSegment openSegment,
      SummaryWriter writer,
      WaitingRoom waiting,
      Progress progress) {
    this.model = model;
    this.options = options;
    this.openSegment = openSegment;
    this.writer = writer;
    this.waiting = waiting;
    this.progress = progress;
  }

  /** What was heard since the checkpoint has to be read again before anything else. */
  void recallFirst() {
    agenda.add(this::recall);
    proceed();
  }

  /** Takes a chunk. */
  public void offer(Said said) {
    agenda.add(() -> receive(said));
    proceed();
  }

  /**
   * Gives the final summary because nothing has come for {@code session.idle-timeout}. The talk
   * goes on as if nothing had happened should a chunk come with a timestamp within that time after
   * all.
   */
  public void close() {
    agenda.add(this::closeForNow);
    proceed();
  }

  /**
   * The segment to be read before anything else can happen; empty when the arrival is dealt with.
   */
  public Optional<Read> wanted() {
    return Optional.ofNullable(wanted);
  }

  /**
   * Sentences of the segment that is open, for a reader that may {@linkplain
   * io.gistream.model.SegmentReader#anticipate anticipate} them; none where each chunk has them
   * read anyway.
   */
  public List<String> anticipated() {
    return everyChunk() ? List.of() : OpenSegment.whole(progress.open);
  }

  /** The answer to {@link #wanted()}. */
  public void answer(Reading reading) {
    Consumer<Reading> then = whenRead;
    if (then == null) {
      throw new IllegalStateException("no segment was wanted");
    }
    wanted = null;
    whenRead = null;
    then.accept(reading);
    proceed();
  }

  /** What became of the arrivals since the last call, in order. */
  public List<Outcome> takeOutcomes() {
    List<Outcome> taken = List.copyOf(outcomes);
    outcomes.clear();
    return taken;
  }

  /** What to save. */
  public SessionState state() {
    return progress.toState(model.sha256());
  }

  /** What to save beside {@link #state()}. */
  public Recollection recollection() {
    return progress.recollection;
  }

  /** The memory as it is now. */
  public Memory memory() {
    return progress.memory;
  }

  private void proceed() {
    while (wanted == null && !agenda.isEmpty()) {
      agenda.removeFirst().run();
    }
  }

  /** Puts these before all that is on the agenda, in the order given. */
  private void next(Runnable... steps) {
    for (int i = steps.length - 1; i >= 0; i--) {
      agenda.addFirst(steps[i]);
    }
  }

  // order

  private void receive(Said said) {
    long silence = progress.silenceUntil(said);
    if (silence > options.retention().toMillis()) {
      // as the timers would: the final summary, and then nothing is left
      next(this::closeForNow, this::forget, () -> order(said, true));
    } else if (silence > options.idleTimeout().toMillis()) {
      next(this::closeForNow, this::letWaitingGo, () -> order(said, true));
    } else {
      order(said, false);
    }
  }

  private void order(Said said, boolean afterSilence) {
    TranscriptChunk chunk = said.chunk();
    long sequence = chunk.getSequence();
    boolean draft = chunk.getStatus() == ChunkStatus.DRAFT;
    boolean anotherTalk = progress.ended || (afterSilence && progress.nextSequence > 0);
    boolean fromTheBeginning =
        sequence <= 1 && (afterSilence || (progress.ended && !draft && beginsAnew(chunk)));
    long expected = anotherTalk && fromTheBeginning ? 0 : progress.nextSequence;
    if (sequence < expected) {
      if (draft) {
        drop(said, Reason.STALE_DRAFT);
      } else {
        repeated(said, afterSilence);
      }
      return;
    }
    if (draft && (said.lost() || sequence > expected + (expected == 0 ? 1 : 0))) {
      drop(said, Reason.EARLY_DRAFT);
      return;
    }
    if (anotherTalk) {
      progress = progress.nextEpoch(model.emptyMemory(), expected);
    }
    if (draft) {
      tryOut(said);
      return;
    }
    progress.closed = false;
    progress.seen(said);
    if (chunk.getSequence() == progress.nextSequence) {
      next(() -> consume(said), this::admitWaiting);
      return;
    }
    Said there = waiting.get(sequence);
    if (there != null && (said.lost() || ChunkDigest.same(there.chunk(), chunk))) {
      drop(said, Reason.DUPLICATE);
    } else {
      if (there != null) {
        drop(there, Reason.REPLACED);
      }
      waiting.put(said);
      admitWaiting();
    }
  }

  /**
   * Whether a chunk behind the end marker is the first of another talk, and not that of the talk
   * that ended once more. A draft cannot say: its text is not yet that of the chunk.
   */
  private boolean beginsAnew(TranscriptChunk chunk) {
    Long first = progress.firstSequence;
    return first == null
        || chunk.getSequence() < first
        || (chunk.getSequence() == first && ChunkDigest.of(chunk) != progress.firstDigest);
  }

  /** A sequence number that was read, or given up, comes again. */
  private void repeated(Said said, boolean afterSilence) {
    TranscriptChunk chunk = said.chunk();
    Repetition repetition = said.lost() ? Repetition.DUPLICATE : progress.repetition(chunk);
    boolean endsNow =
        chunk.getEndOfStream()
            && !progress.ended
            && !afterSilence
            && chunk.getSequence() == progress.nextSequence - 1;
    if (repetition == Repetition.CORRECTION && !afterSilence) {
      next(() -> correct(said, endsNow), this::admitWaiting);
    } else if (repetition != Repetition.DUPLICATE) {
      drop(said, Reason.TOO_LATE);
    } else if (endsNow) {
      progress.seen(said);
      conclude(said, null, true);
    } else {
      drop(said, Reason.DUPLICATE);
    }
  }

  /**
   * Lets in the chunks whose turn it is, or for whose predecessors there has been enough waiting.
   */
  private void admitWaiting() {
    Said first = waiting.first();
    if (first != null && !progress.ended && mayEnter(first)) {
      waiting.removeFirst();
      next(() -> enter(first), this::admitWaiting);
    }
  }

  private boolean mayEnter(Said first) {
    return first.chunk().getSequence() <= progress.nextSequence
        || progress.elapsedSince(Math.max(first.timestamp(), progress.lastAdvance))
            >= options.orderingGrace().toMillis()
        || waiting.size() > options.maxWaiting();
  }

  /** A chunk that waited comes in; what is missing before it is given up. */
  private void enter(Said said) {
    long sequence = said.chunk().getSequence();
    if (sequence < progress.nextSequence) {
      drop(said, Reason.DUPLICATE);
      return;
    }
    if (progress.misses(sequence)) {
      progress.missed(progress.nextSequence, sequence - 1);
      outcomes.add(new Outcome.Missed(progress.nextSequence, sequence - 1));
    }
    consume(said);
  }

  private void tellUngrounded() {
    if (progress.replaced + progress.removed > 0) {
      outcomes.add(new Outcome.Ungrounded(progress.replaced, progress.removed));
      progress.replaced = 0;
      progress.removed = 0;
    }
  }

  private void drop(Said said, Reason reason) {
    outcomes.add(new Outcome.Dropped(said, reason));
  }

  // the chunk whose turn it is

  private void consume(Said said) {
    lastFolded = OptionalLong.empty();
    TranscriptChunk chunk = said.chunk();
    HeardChunk heard = heard(said, said.timestamp());
    progress.lastAdvance = progress.lastTimestamp;
    progress.closed = false;
    progress.hear(heard);
    if (said.lost()) {
      outcomes.add(new Outcome.Missed(chunk.getSequence(), chunk.getSequence()));
    }
    if (said.lost() && !chunk.getEndOfStream()) {
      remember(heard);
    } else {
      conclude(said, heard, chunk.getEndOfStream());
    }
  }

  private HeardChunk heard(Said said, long timestamp) {
    TranscriptChunk chunk = said.chunk();
    return new HeardChunk(
        chunk.getSequence(),
        chunk.getText(),
        chunk.getSpeaker(),
        chunk.getStartMillis(),
        chunk.getEndMillis(),
        timestamp,
        said.lost(),
        progress.segmentsFolded,
        List.of());
  }

  /** Keeps a chunk that was taken in, and what is shown behind it. */
  private void remember(HeardChunk heard) {
    HeardChunk chunk =
        new HeardChunk(
            heard.getSequence(),
            heard.getText(),
            heard.getSpeaker(),
            heard.getStartMillis(),
            heard.getEndMillis(),
            heard.getTimestamp(),
            heard.getLost(),
            heard.getSegmentsBefore(),
            progress.shown);
    progress.remember(chunk, options);
  }

  /**
   * Gives the summary that a chunk brings; none, where summaries are of segments alone and none was
   * folded.
   *
   * @param heard the chunk that was taken in last and is still to be remembered; null when it is
   */
  private void conclude(Said said, @Nullable HeardChunk heard, boolean end) {
    digest(
        end,
        everyChunk(),
        (provisional, open) -> {
          if (!everyChunk() && !end && lastFolded.isEmpty()) {
            if (heard != null) {
              remember(heard);
            }
            return;
          }
          long last = progress.nextSequence - 1;
          RollingSummary summary =
              everyChunk() || end
                  ? writer.revise(progress, provisional, last, open, end)
                  : writer.revise(progress, provisional, lastFolded.orElse(last), false, false);
          progress.latest = summary;
          if (heard != null) {
            progress.shown = ids(summary);
            remember(heard);
          }
          outcomes.add(new Outcome.Revised(summary, said, said.timestamp()));
          tellUngrounded();
          if (end) {
            progress.end(model.emptyMemory());
            emptyWaitingRoom(Reason.BEHIND_THE_END);
          }
        });
  }

  private static List<Long> ids(RollingSummary summary) {
    return summary.getSentences().stream().map(SummarySentence::getId).toList();
  }

  // chunks heard before

  /**
   * Brings the content from the checkpoint to the present: every segment is folded once more. The
   * place in the order stays: it is behind chunks that were let go when the talk fell silent, and
   * that nobody has heard.
   */
  private void recall() {
    Content start = progress.recollection.start();
    List<HeardChunk> chunks = progress.recollection.heard();
    long place = progress.nextSequence;
    goBackTo(start);
    retell(chunks, false, () -> progress.nextSequence = place);
  }

  /**
   * Puts a chunk in the place of the one that had its number, or in the gap that it left, and tells
   * everything from there again: in the end all is as if it had come like that in the first place.
   */
  private void correct(Said said, boolean end) {
    lastFolded = OptionalLong.empty();
    Recollection before = progress.recollection;
    long sequence = said.chunk().getSequence();
    HeardChunk corrected = heard(said, before.timeOf(sequence, said.timestamp()));
    Content start = before.stateBefore(sequence);
    List<HeardChunk> chunks = before.since(start, corrected);
    outcomes.add(new Outcome.Corrected(sequence));
    progress.closed = false;
    progress.seen(said);
    goBackTo(start);
    HeardChunk last = chunks.get(chunks.size() - 1);
    if (last.getLost()) {
      retell(chunks, true, () -> conclude(said, null, end));
    } else {
      retell(
          chunks.subList(0, chunks.size() - 1),
          true,
          () -> {
            HeardChunk again = hearAgain(last);
            conclude(said, again, end);
          });
    }
  }

  private void goBackTo(Content state) {
    progress.recollection = progress.recollection.backTo(state);
    progress.setContent(state);
  }

  /**
   * Takes chunks in again, without a word to anyone.
   *
   * @param look whether to find out anew what is shown behind each; if not, it is what was shown
   */
  private void retell(List<HeardChunk> chunks, boolean look, Runnable then) {
    if (chunks.isEmpty()) {
      progress.replaced = 0;
      progress.removed = 0;
      then.run();
      return;
    }
    HeardChunk chunk = hearAgain(chunks.get(0));
    Runnable rest = () -> retell(chunks.subList(1, chunks.size()), look, then);
    if (chunk.getLost()) {
      remember(chunk);
      next(rest);
      return;
    }
    long foldedBefore = progress.segmentsFolded;
    digest(
        false,
        look && everyChunk(),
        (provisional, open) -> {
          if (!look) {
            progress.shown = chunk.getShown();
          } else if (everyChunk() || progress.segmentsFolded > foldedBefore) {
            progress.shown =
                ids(writer.revise(progress, provisional, chunk.getSequence(), open, false));
          }
          remember(chunk);
          next(rest);
        });
  }

  private HeardChunk hearAgain(HeardChunk chunk) {
    if (progress.misses(chunk.getSequence())) {
      progress.missed(progress.nextSequence, chunk.getSequence() - 1);
    }
    HeardChunk again =
        new HeardChunk(
            chunk.getSequence(),
            chunk.getText(),
            chunk.getSpeaker(),
            chunk.getStartMillis(),
            chunk.getEndMillis(),
            chunk.getTimestamp(),
            chunk.getLost(),
            progress.segmentsFolded,
            chunk.getShown());
    progress.hear(again);
    return again;
  }

  /**
   * A draft: what the summary would be, and then everything as before. Where summaries are of
   * segments alone, it says nothing that one could be of.
   */
  private void tryOut(Said said) {
    if (!everyChunk()) {
      progress.closed = false;
      progress.seen(said);
      return;
    }
    Progress before = progress.copy();
    progress.trial = true;
    progress.append(heard(said, said.timestamp()));
    digest(
        false,
        true,
        (provisional, open) -> {
          RollingSummary summary =
              writer.revise(progress, provisional, said.chunk().getSequence(), true, false);
          progress = before;
          progress.latest = summary;
          progress.closed = false;
          progress.seen(said);
          outcomes.add(new Outcome.Revised(summary, said, said.timestamp()));
        });
  }

  /**
   * The final summary of all that came, those that wait included. Nothing stays of it: the talk may
   * go on, and then the next summary has the number that this one has.
   */
  private void closeForNow() {
    if (progress.ended || progress.closed) {
      return;
    }
    Progress before = progress.copy();
    progress.trial = true;
    List<HeardChunk> last =
        waiting.all().stream().map(said -> heard(said, said.timestamp())).toList();
    retell(
        last,
        true,
        () -> {
          if (progress.firstSequence == null) {
            progress = before;
            progress.closed = true; // nothing was said that a summary could be of
            return;
          }
          concludeForNow(before);
        });
  }

  private void concludeForNow(Progress before) {
    digest(
        true,
        true,
        (provisional, open) -> {
          RollingSummary summary =
              writer.revise(progress, provisional, progress.nextSequence - 1, false, true);
          progress = before;
          progress.closed = true;
          outcomes.add(new Outcome.Revised(summary, null, progress.lastTimestamp));
        });
  }

  private void emptyWaitingRoom(Reason reason) {
    for (Said first = waiting.first(); first != null; first = waiting.first()) {
      waiting.removeFirst();
      drop(first, reason);
    }
  }

  /** The chunks that waited when the talk fell silent: the final summary speaks of them. */
  private void letWaitingGo() {
    for (Said first = waiting.first(); first != null; first = waiting.first()) {
      waiting.removeFirst();
      progress.nextSequence = Math.max(progress.nextSequence, first.chunk().getSequence() + 1);
      drop(first, Reason.WAITED_TO_THE_END);
    }
  }

  private void forget() {
    letWaitingGo();
    progress = new Progress(progress.streamId, 0, model.emptyMemory());
  }

  // the open segment

  /**
   * Folds all segments that are due, looks at what is left open, then goes on.
   *
   * @param all whether everything is due
   * @param look whether what is left open is read
   * @param then given the provisional candidates, and whether anything is left open
   */
  private void digest(boolean all, boolean look, BiConsumer<List<SummarySentence>, Boolean> then) {
    Optional<Cut> cut = openSegment.next(progress.open, all);
    if (cut.isEmpty() || !(look || cut.get().due())) {
      then.accept(List.of(), cut.isPresent());
      return;
    }
    Cut segment = cut.get();
    read(
        segment,
        reading -> {
          if (segment.due()) {
            fold(segment, reading);
            next(() -> digest(all, look, then));
          } else {
            then.accept(candidates(segment, reading).sentences(), true);
          }
        });
  }

  private void fold(Cut segment, Reading reading) {
    Candidates found = candidates(segment, reading);
    List<SummarySentence> candidates = new ArrayList<>(progress.candidates);
    candidates.addAll(found.sentences());
    progress.candidates = writer.keep(candidates, progress.shown);
    progress.replaced += found.replaced();
    progress.removed += found.removed();
    progress.memory = reading.memory();
    progress.sentencesFolded += segment.sentences().size();
    progress.segmentsFolded++;
    progress.open = segment.rest();
    List<Long> sequences = segment.sources().get(segment.sources().size() - 1).getSequences();
    lastFolded = OptionalLong.of(sequences.get(sequences.size() - 1));
  }

  private boolean everyChunk() {
    return options.summaryEvery() == SummaryEvery.CHUNK;
  }

  private Candidates candidates(Cut segment, Reading reading) {
    return writer.candidates(segment, reading, progress.sentencesFolded, progress.candidates);
  }

  private void read(Cut segment, Consumer<Reading> then) {
    wanted =
        new Read(
            segment.sentences(),
            progress.sentencesFolded,
            progress.memory,
            segment.due(),
            segment.due() && !progress.trial);
    whenRead = then;
  }
}
