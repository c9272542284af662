package io.gistream.session;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Memory;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SummaryModel;
import io.gistream.session.OpenSegment.Cut;
import io.gistream.session.Outcome.Reason;
import io.gistream.session.SummaryWriter.Candidates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One live talk. It is told what came, asks for the segments it needs read, and gives a revised
 * summary for each chunk:
 *
 * <pre>
 *   offer -> in order? -> open segment -> due: read and fold -> candidates -> choose within the budget -> summary
 *                 |                   -> not due: read only -> provisional candidates ---^
 *                 +-> wait, or drop
 * </pre>
 *
 * <p>Every summary is a function of the chunks of this stream in the order they came, and of
 * nothing else: no clock, no other stream, no batch. {@link #close()}, which timers call, only
 * brings forward the final summary that the next chunk would bring about.
 *
 * <p>Inference happens outside, for many sessions in one batch: after {@link #offer} or {@link
 * #close}, give each {@link #wanted()} its {@link #answer} until there is none, then {@link
 * #takeOutcomes()} and save {@link #state()} and {@link #memory()}.
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
  private @Nullable Read wanted;
  private @Nullable Consumer<Reading> whenRead;

  private Session(
      SummaryModel model, SummaryOptions options, WaitingRoom waiting, Progress progress) {
    this.model = model;
    this.options = options;
    this.openSegment = new OpenSegment(model, options);
    this.writer = new SummaryWriter(model.manifest(), options);
    this.waiting = waiting;
    this.progress = progress;
  }

  /** A stream that has said nothing yet. */
  public static Session begin(
      String streamId, SummaryModel model, SummaryOptions options, WaitingRoom waiting) {
    return new Session(model, options, waiting, new Progress(streamId, model.emptyMemory()));
  }

  /** A stream as it was saved. */
  public static Session resume(
      SessionState state,
      Memory memory,
      SummaryModel model,
      SummaryOptions options,
      WaitingRoom waiting) {
    return new Session(model, options, waiting, new Progress(state, memory));
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

  /** The memory to save beside {@link #state()}. */
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
    long silence = progress.silenceUntil(said.timestamp());
    if (silence > options.retention().toMillis()) {
      next(this::fallSilent, this::forget, () -> order(said, true));
    } else if (silence > options.idleTimeout().toMillis()) {
      next(this::fallSilent, () -> order(said, true));
    } else {
      order(said, false);
    }
  }

  private void order(Said said, boolean afterSilence) {
    TranscriptChunk chunk = said.chunk();
    long sequence = chunk.getSequence();
    boolean draft = chunk.getStatus() == ChunkStatus.DRAFT;
    boolean anotherTalk = progress.ended || (afterSilence && progress.nextSequence > 0);
    boolean fromTheBeginning = afterSilence && sequence <= 1;
    long expected = anotherTalk && fromTheBeginning ? 0 : progress.nextSequence;
    if (sequence < expected) {
      drop(said, draft ? Reason.STALE_DRAFT : Reason.DUPLICATE);
      return;
    }
    if (draft && sequence > expected + (expected == 0 ? 1 : 0)) {
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
    progress.seen(said.timestamp());
    if (chunk.getSequence() == progress.nextSequence) {
      next(() -> consume(said), this::admitWaiting);
    } else if (waiting.add(said)) {
      admitWaiting();
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
    boolean countsFromOne = sequence == 1 && progress.nextSequence == 0;
    if (sequence > progress.nextSequence && !countsFromOne) {
      miss(progress.nextSequence, sequence - 1);
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

  private void miss(long first, long last) {
    progress.missed(first, last);
    outcomes.add(new Outcome.Missed(first, last));
  }

  private void drop(Said said, Reason reason) {
    outcomes.add(new Outcome.Dropped(said, reason));
  }

  // the chunk whose turn it is

  private void consume(Said said) {
    TranscriptChunk chunk = said.chunk();
    progress.nextSequence = chunk.getSequence() + 1;
    progress.lastAdvance = progress.lastTimestamp;
    progress.closed = false;
    if (said.lost()) {
      miss(chunk.getSequence(), chunk.getSequence());
    } else {
      progress.append(chunk, said.timestamp());
    }
    boolean end = chunk.getEndOfStream();
    if (said.lost() && !end) {
      return;
    }
    digest(
        end,
        (provisional, open) -> {
          RollingSummary summary =
              writer.revise(progress, provisional, chunk.getSequence(), open, end);
          progress.latest = summary;
          progress.shown = summary.getSentences().stream().map(SummarySentence::getId).toList();
          outcomes.add(new Outcome.Revised(summary, said, said.timestamp()));
          tellUngrounded();
          if (end) {
            progress.ended = true;
            progress.candidates = List.of();
            progress.memory = model.emptyMemory();
            emptyWaitingRoom(Reason.BEHIND_THE_END);
          }
        });
  }

  /** A draft: what the summary would be, and then everything as before. */
  private void tryOut(Said said) {
    Progress before = progress.copy();
    progress.append(said.chunk(), said.timestamp());
    digest(
        false,
        (provisional, open) -> {
          RollingSummary summary =
              writer.revise(progress, provisional, said.chunk().getSequence(), true, false);
          progress = before;
          progress.latest = summary;
          progress.closed = false;
          progress.seen(said.timestamp());
          outcomes.add(new Outcome.Revised(summary, said, said.timestamp()));
        });
  }

  /**
   * No more is expected: everything that waits is let in, and the summary so far is given as the
   * final one.
   */
  private void fallSilent() {
    Said first = waiting.first();
    if (first != null && !progress.ended) {
      waiting.removeFirst();
      next(() -> enter(first), this::fallSilent);
      return;
    }
    if (progress.firstSequence == null) {
      progress.closed = true; // nothing was said that a summary could be of
    }
    if (progress.ended || progress.closed) {
      return;
    }
    Progress before = progress.copy();
    digest(
        true,
        (provisional, open) -> {
          RollingSummary summary =
              writer.revise(progress, provisional, progress.nextSequence - 1, false, true);
          progress = before;
          progress.closed = true;
          outcomes.add(new Outcome.Revised(summary, null, progress.lastTimestamp));
        });
  }

  /** As {@link #fallSilent}, but all that stays of it is the final summary: the talk may go on. */
  private void closeForNow() {
    Progress before = progress.copy();
    WaitingRoom stillWaiting = waiting;
    waiting = new InMemoryWaitingRoom();
    stillWaiting.all().forEach(waiting::add);
    int outcomesBefore = outcomes.size();
    next(
        this::fallSilent,
        () -> {
          progress = before;
          progress.closed = true;
          waiting = stillWaiting;
          outcomes.subList(outcomesBefore, outcomes.size()).removeIf(o -> !isFinal(o));
        });
  }

  private static boolean isFinal(Outcome outcome) {
    return outcome instanceof Outcome.Revised revised && revised.summary().getFinal$();
  }

  private void emptyWaitingRoom(Reason reason) {
    for (Said first = waiting.first(); first != null; first = waiting.first()) {
      waiting.removeFirst();
      drop(first, reason);
    }
  }

  private void forget() {
    progress = new Progress(progress.streamId, model.emptyMemory());
  }

  // the open segment

  /**
   * Folds all segments that are due, looks at what is left open, then goes on.
   *
   * @param all whether everything is due
   * @param then given the provisional candidates, and whether anything is left open
   */
  private void digest(boolean all, BiConsumer<List<SummarySentence>, Boolean> then) {
    Optional<Cut> cut = openSegment.next(progress.open, all);
    if (cut.isEmpty()) {
      then.accept(List.of(), false);
      return;
    }
    Cut segment = cut.get();
    read(
        segment,
        reading -> {
          if (segment.due()) {
            fold(segment, reading);
            next(() -> digest(all, then));
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
    progress.open = segment.rest();
  }

  private Candidates candidates(Cut segment, Reading reading) {
    return writer.candidates(segment, reading, progress.sentencesFolded, progress.candidates);
  }

  private void read(Cut segment, Consumer<Reading> then) {
    wanted =
        new Read(segment.sentences(), progress.sentencesFolded, progress.memory, segment.due());
    whenRead = then;
  }
}
