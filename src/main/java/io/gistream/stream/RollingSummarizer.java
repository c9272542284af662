package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.SessionState;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.session.Outcome;
import io.gistream.session.Session;
import io.gistream.stream.ChunkIntake.Arrival;
import io.gistream.stream.ChunkIntake.Taken;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one chunk, top to bottom:
 *
 * <pre>
 *   process      decode and check -> inbox (logged)            bad ones -> dead letter
 *   drain        a batch is due: the first queued chunk of each stream
 *     open       session and memory from their stores
 *     read       segments of all of them in one batch, until no session wants another
 *     settle     save session and memory, send the summaries, remove the chunk from the inbox
 * </pre>
 *
 * <p>Stores, output and offsets commit in one Kafka transaction, so a crash at any point takes all
 * of it back. The batch a chunk is read in depends on the clock; what is said about it does not.
 */
final class RollingSummarizer implements Processor<byte[], byte[], byte[], Emission> {
  private static final Logger LOG = LoggerFactory.getLogger(RollingSummarizer.class);

  /** Least and most time between two looks whether the topic has gone quiet. */
  private static final Duration MIN_QUIET_CHECK = Duration.ofSeconds(1);

  private static final Duration MAX_QUIET_CHECK = Duration.ofSeconds(30);

  /** Chunks that may queue, in batches; beyond, a batch is read before another record is taken. */
  private static final int MAX_QUEUED_BATCHES = 4;

  /** Text of a batch in characters: a few seconds of work, whatever chunk.max-characters allows. */
  private static final int MAX_BATCH_CHARACTERS = 65_536;

  private final SummaryModel model;
  private final SummaryOptions options;
  private final BatchOptions batching;
  private final StoreNames stores;
  private final ChunkIntake intake;
  private final RollingSummarizerSupplier.Shared shared;
  private final SummarySpans spans;
  private final SegmentReader reader;
  private final Timers timers = new Timers();

  /** Streams to be given their final summary because the topic itself has fallen silent. */
  private final Deque<String> quiet = new ArrayDeque<>();

  // set by init
  private ProcessorContext<byte[], Emission> context;
  private Inbox inbox;
  private RecollectionCache.View recollections;
  private SessionStores sessions;
  private SummarizerMetrics metrics;
  private Output output;
  private @Nullable Cancellable draining;
  private BusyTasks.@Nullable Work work;

  /**
   * Highest record timestamp of the partition, but never ahead of the clock: one producer whose
   * clock is wrong must not end the talks of all others. Decides when something is done, not what.
   */
  private long streamTime = Long.MIN_VALUE;

  private long lastRecordMillis;

  /** Time spent on batches since the last drain, in nanoseconds. */
  private long spent;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  RollingSummarizer(
      SummaryModel model,
      SegmentReader reader,
      SummaryOptions options,
      BatchOptions batching,
      ChunkDecoder decoder,
      StoreNames stores,
      RollingSummarizerSupplier.Shared shared) {
    this.model = model;
    this.options = options;
    this.batching = batching;
    this.stores = stores;
    this.intake = new ChunkIntake(decoder, options.maxCharacters());
    this.shared = shared;
    this.spans = new SummarySpans(shared.telemetry());
    this.reader = reader;
  }

  @Override
  public void init(ProcessorContext<byte[], Emission> context) {
    this.context = context;
    metrics =
        new SummarizerMetrics(context.metrics(), context.taskId().toString(), shared.totals());
    output = new Output(context, metrics, shared.limits(), options, model.sha256());
    recollections = shared.cache().open();
    sessions =
        new SessionStores(
            context.getStateStore(stores.sessions()),
            new RecollectionStore(context.getStateStore(stores.memories()), model),
            recollections,
            model,
            shared.sessions());
    inbox = new Inbox(context.getStateStore(stores.inbox()));
    timers.clear();
    streamTime = Long.MIN_VALUE;
    draining = null;
    quiet.clear();
    spent = 0;
    sessions.forEach(this::setTimer);
    lastRecordMillis = context.currentSystemTimeMs();
    context.schedule(quietCheck(), PunctuationType.WALL_CLOCK_TIME, this::closeWhenQuiet);
    wake();
  }

  @Override
  public void close() {
    rest();
    shared.totals().oldestQueued(this, OptionalLong.empty());
    recollections.close();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    lastRecordMillis = context.currentSystemTimeMs();
    quiet.clear();
    accept(record);
    streamTime = Math.max(streamTime, Math.min(record.timestamp(), lastRecordMillis));
    wake();
    shared.totals().oldestQueued(this, inbox.oldest());
    boolean full =
        inbox.size() >= batching.maxSegments() * MAX_QUEUED_BATCHES
            || inbox.streams() >= batching.maxSegments();
    if (full && spent < share()) {
      readBatch();
    }
  }

  // From a record to the inbox

  private void accept(Record<byte[], byte[]> record) {
    Optional<RecordMetadata> metadata = context.recordMetadata();
    Arrival arrival =
        new Arrival(
            metadata.map(RecordMetadata::topic).orElse(""),
            metadata.map(RecordMetadata::partition).orElse(-1),
            metadata.map(RecordMetadata::offset).orElse(-1L),
            record.timestamp(),
            record.key(),
            record.value(),
            record.headers());
    Taken taken = intake.take(arrival);
    if (taken.problem() != null) {
      output.reject(arrival, taken.problem(), intake.keepsRejected());
    }
    QueuedChunk chunk = taken.chunk();
    if (chunk != null) {
      inbox.add(chunk);
      timers.cancel(chunk.chunk().getStreamId()); // set again when the chunk is settled
      metrics.chunk();
    }
    QueuedChunk erasure = taken.erasure();
    if (erasure != null) {
      inbox.add(erasure);
    }
  }

  /** Erases a stream whose chunks up to here are settled. */
  private void erase(QueuedChunk erasure) {
    String streamId = erasure.chunk().getStreamId();
    inbox.removeHead(streamId);
    inbox.removeWaiting(streamId);
    sessions.delete(streamId);
    timers.cancel(streamId);
    output.forget(QueuedChunk.bytes(erasure.entry().getKey()), erasure.timestamp());
    metrics.erasure();
  }

  // A batch

  /**
   * Sees to it that there is a drain when there is something to do. None runs otherwise, because
   * Kafka Streams commits a transaction after each.
   */
  private void wake() {
    if (draining == null && hasWork()) {
      draining =
          context.schedule(batching.linger(), PunctuationType.WALL_CLOCK_TIME, now -> drain());
      work = shared.busy().begin();
    }
  }

  private void rest() {
    if (draining != null) {
      draining.cancel();
      draining = null;
    }
    if (work != null) {
      work.end();
      work = null;
    }
  }

  private boolean hasWork() {
    return inbox.size() > 0 || timers.due(streamTime) || !quiet.isEmpty();
  }

  /** What this task may take of the time that its thread has between two polls, in nanoseconds. */
  private long share() {
    return batching.timeBudget().toNanos() / shared.busy().onThisThread();
  }

  /**
   * Works until nothing is left or it is time for Kafka Streams to poll and commit; something is
   * done in any case.
   */
  private void drain() {
    long until = System.nanoTime() + Math.max(0, share() - spent);
    boolean goOn = true;
    while (goOn && inbox.size() > 0) {
      readBatch();
      goOn = System.nanoTime() - until < 0;
    }
    goOn = true; // else nobody's silence is noticed while others have much to say
    while (goOn && timers.due(streamTime)) {
      timers.expired(streamTime).ifPresent(this::expire);
      goOn = System.nanoTime() - until < 0;
    }
    while (goOn && !quiet.isEmpty()) {
      closeIfOpen(quiet.remove());
      goOn = System.nanoTime() - until < 0;
    }
    spent = 0;
    if (!hasWork()) {
      rest();
    }
  }

  private void readBatch() {
    long began = System.nanoTime();
    readHeads();
    spent += System.nanoTime() - began;
  }

  private void readHeads() {
    List<Turn> turns = new ArrayList<>();
    for (QueuedChunk head : inbox.heads(batching.maxSegments(), MAX_BATCH_CHARACTERS)) {
      if (head.erasure()) {
        erase(head);
      } else {
        turns.add(new Turn(head));
      }
    }
    try {
      turns.forEach(Turn::open);
      readAll(turns);
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("A batch of {} chunks failed; reading them one by one", turns.size(), e);
      readOneByOne(turns);
    }
    turns.forEach(Turn::settle);
    shared.totals().oldestQueued(this, inbox.oldest());
  }

  /** Finds the chunks that cannot be read; none, when it is the model that does not work. */
  private void readOneByOne(List<Turn> turns) {
    Map<Turn, RuntimeException> failed = new LinkedHashMap<>();
    for (Turn turn : turns) {
      try {
        turn.open();
        readAll(List.of(turn));
      } catch (KafkaException e) {
        throw e;
      } catch (RuntimeException e) {
        failed.put(turn, e);
      }
    }
    if (!failed.isEmpty() && !modelWorks()) {
      throw failed.values().iterator().next();
    }
    failed.forEach(Turn::giveUp);
  }

  /** Whether it reads a sentence that no task has had it read before. */
  private boolean modelWorks() {
    String sentence =
        "We will go on with point %d of the list.".formatted(shared.trials().incrementAndGet());
    try {
      reader.read(List.of(new Read(List.of(sentence), 0, model.emptyMemory(), false)));
      return true;
    } catch (RuntimeException e) {
      LOG.error("The model reads nothing at all any more", e);
      return false;
    }
  }

  private void readAll(List<Turn> turns) {
    while (true) {
      List<Turn> asking = new ArrayList<>();
      List<Read> reads = new ArrayList<>();
      for (Turn turn : turns) {
        turn.session()
            .wanted()
            .ifPresent(
                read -> {
                  asking.add(turn);
                  reads.add(read);
                });
      }
      if (reads.isEmpty()) {
        anticipate(turns);
        return;
      }
      List<Reading> readings = reader.read(reads);
      metrics.batch(reads.size());
      for (int i = 0; i < reads.size(); i++) {
        asking.get(i).session().answer(readings.get(i));
      }
    }
  }

  /**
   * Where only segments have summaries, a segment would otherwise be encoded whole when it is over,
   * and its summary, and those behind it, would wait for that.
   */
  private void anticipate(List<Turn> turns) {
    List<String> sentences =
        turns.stream().flatMap(turn -> turn.session().anticipated().stream()).toList();
    if (sentences.isEmpty()) {
      return;
    }
    try {
      reader.anticipate(sentences);
    } catch (RuntimeException e) {
      LOG.debug("What was not encoded now will be when it is read", e);
    }
  }

  /** One queued chunk and the session it belongs to, from opening to settling. */
  private final class Turn {
    private QueuedChunk chunk;
    private Inbox.@Nullable StoredWaitingRoom waiting;
    private SessionStores.@Nullable Loaded loaded;
    private long beganMillis;

    Turn(QueuedChunk chunk) {
      this.chunk = chunk;
    }

    void open() {
      beganMillis = context.currentSystemTimeMs();
      waiting = inbox.waitingRoom(streamId());
      loaded = sessions.load(streamId(), waiting);
      loaded.session().offer(chunk);
    }

    private String streamId() {
      return chunk.chunk().getStreamId();
    }

    Session session() {
      return opened().session();
    }

    private SessionStores.Loaded opened() {
      SessionStores.Loaded opened = loaded;
      if (opened == null) {
        throw new IllegalStateException("not opened");
      }
      return opened;
    }

    /**
     * The chunk cannot be read at all: to the dead letters with it, and only its place in the order
     * counts.
     */
    void giveUp(RuntimeException why) {
      InboxEntry entry = chunk.entry();
      if (entry.getLost()) {
        throw new IllegalStateException(
            "stream '%s' cannot go on at chunk %d"
                .formatted(streamId(), chunk.chunk().getSequence()),
            why);
      }
      output.sendDeadLetter(entry, why);
      chunk = chunk.withoutText();
      open();
      readAll(List.of(this));
    }

    private void trace(Outcome outcome) {
      if (outcome instanceof Outcome.Revised revised
          && revised.cause() instanceof QueuedChunk cause) {
        spans.summarised(
            cause.entry(), revised.summary(), beganMillis, context.currentSystemTimeMs());
      }
    }

    void settle() {
      for (Outcome outcome : session().takeOutcomes()) {
        output.send(outcome);
        trace(outcome);
      }
      sessions.save(opened());
      if (waiting != null) {
        waiting.save();
      }
      inbox.removeHead(streamId());
      if (!inbox.isQueued(streamId())) {
        setTimer(session().state());
      }
    }
  }

  // Silence

  /**
   * Silence is counted from where the partition stands when a chunk is settled: a talk played again
   * after days beside one that is live is no more silent than that.
   */
  private void setTimer(SessionState state) {
    long now =
        streamTime == Long.MIN_VALUE // after a restart, before the first record
            ? Math.min(state.getLastTimestamp(), context.currentSystemTimeMs())
            : streamTime;
    timers.set(
        state.getStreamId(),
        deadline(now, isOpen(state) ? options.idleTimeout() : options.retention()));
  }

  private static long deadline(long timestamp, Duration after) {
    return timestamp + Math.min(after.toMillis(), Long.MAX_VALUE - Math.max(0, timestamp));
  }

  private void expire(Timers.Deadline deadline) {
    String streamId = deadline.streamId();
    SessionState state = sessions.get(streamId);
    if (state == null || inbox.isQueued(streamId)) {
      return; // it is about to be read, and sets its timer then
    }
    if (isOpen(state)) {
      if (close(streamId)) {
        Duration more = options.retention().minus(options.idleTimeout());
        timers.set(streamId, deadline(deadline.time(), more.isNegative() ? Duration.ZERO : more));
      }
    } else {
      sessions.delete(streamId);
      for (int waited = inbox.removeWaiting(streamId); waited > 0; waited--) {
        metrics.dropped(); // the final summary speaks of them
      }
      if (options.retentionTombstone()) {
        output.forget(
            streamId.getBytes(UTF_8), deadline(state.getLastTimestamp(), options.retention()));
      }
    }
  }

  /** Whether it could be done. */
  private boolean close(String streamId) {
    try {
      closeNow(streamId);
      return true;
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      // the talk stays as it is: its next chunk, if one comes, is judged by itself
      LOG.error("Stream '{}' cannot be given its final summary", streamId, e);
      return false;
    }
  }

  private void closeNow(String streamId) {
    Inbox.StoredWaitingRoom waiting = inbox.waitingRoom(streamId);
    SessionStores.Loaded loaded = sessions.load(streamId, waiting);
    Session session = loaded.session();
    session.close();
    for (Optional<Read> read = session.wanted(); read.isPresent(); read = session.wanted()) {
      session.answer(reader.read(List.of(read.get())).get(0));
    }
    for (Outcome outcome : session.takeOutcomes()) {
      output.send(outcome);
    }
    sessions.save(loaded);
    waiting.save();
    setTimer(session.state());
  }

  private Duration quietCheck() {
    Duration check = options.idleTimeout().dividedBy(4);
    return check.compareTo(MIN_QUIET_CHECK) < 0
        ? MIN_QUIET_CHECK
        : check.compareTo(MAX_QUIET_CHECK) > 0 ? MAX_QUIET_CHECK : check;
  }

  /**
   * When no record at all comes, event time stands still and nothing would ever be final. So after
   * {@code session.idle-timeout} without any record, open talks get the final summary they would
   * get from the next record; no value changes by it.
   */
  private void closeWhenQuiet(long now) {
    if (inbox.size() == 0 && now - lastRecordMillis > options.idleTimeout().toMillis()) {
      lastRecordMillis = now;
      sessions.forEach(
          state -> {
            if (isOpen(state)) {
              quiet.add(state.getStreamId());
            }
          });
      wake();
    }
  }

  private void closeIfOpen(String streamId) {
    SessionState state = sessions.get(streamId);
    if (state != null && isOpen(state)) {
      close(streamId);
    }
  }

  private static boolean isOpen(SessionState state) {
    return !state.getEnded() && !state.getClosed();
  }
}
