package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.SessionState;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.session.Outcome;
import io.gistream.session.Recollection;
import io.gistream.session.Session;
import io.gistream.stream.ChunkIntake.Arrival;
import io.gistream.stream.ChunkIntake.Taken;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
  private final RecollectionCache cache;
  private final Totals totals;
  private final SummarySpans spans;
  private final SegmentReader reader;
  private final Timers timers = new Timers();

  // set by init
  private ProcessorContext<byte[], Emission> context;
  private Inbox inbox;
  private RecollectionCache.View recollections;
  private SessionStores sessions;
  private SummarizerMetrics metrics;
  private @Nullable Cancellable draining;

  /**
   * Highest record timestamp of the partition, but never ahead of the clock: one producer whose
   * clock is wrong must not end the talks of all others. Decides when something is done, not what.
   */
  private long streamTime = Long.MIN_VALUE;

  private long lastRecordMillis;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  RollingSummarizer(
      SummaryModel model,
      SummaryOptions options,
      BatchOptions batching,
      ChunkDecoder decoder,
      StoreNames stores,
      RecollectionCache cache,
      Totals totals,
      OpenTelemetry telemetry) {
    this.model = model;
    this.options = options;
    this.batching = batching;
    this.stores = stores;
    this.intake = new ChunkIntake(decoder, options.maxCharacters());
    this.cache = cache;
    this.totals = totals;
    this.spans = new SummarySpans(telemetry);
    this.reader = model.reader();
  }

  @Override
  public void init(ProcessorContext<byte[], Emission> context) {
    this.context = context;
    metrics = new SummarizerMetrics(context.metrics(), context.taskId().toString(), totals);
    recollections = cache.open();
    sessions =
        new SessionStores(
            context.getStateStore(stores.sessions()),
            new RecollectionStore(context.getStateStore(stores.memories()), model),
            recollections,
            model,
            options);
    inbox = new Inbox(context.getStateStore(stores.inbox()));
    timers.clear();
    streamTime = Long.MIN_VALUE;
    draining = null;
    sessions.forEach(this::setTimer);
    lastRecordMillis = context.currentSystemTimeMs();
    context.schedule(quietCheck(), PunctuationType.WALL_CLOCK_TIME, this::closeWhenQuiet);
    wake();
  }

  @Override
  public void close() {
    totals.oldestQueued(this, OptionalLong.empty());
    recollections.close();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    lastRecordMillis = context.currentSystemTimeMs();
    accept(record);
    streamTime = Math.max(streamTime, Math.min(record.timestamp(), lastRecordMillis));
    wake();
    totals.oldestQueued(this, inbox.oldest());
    if (inbox.size() >= batching.maxSegments() * MAX_QUEUED_BATCHES
        || inbox.streams() >= batching.maxSegments()) {
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
      reject(arrival, taken.problem());
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
    forget(QueuedChunk.bytes(erasure.entry().getKey()), erasure.timestamp());
    metrics.erasure();
  }

  /** Takes the summary off the topic. */
  private void forget(byte[] key, long timestamp) {
    context.forward(
        new Record<>(key, new Emission.Erased(), Math.max(0, timestamp), new RecordHeaders()));
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
    }
  }

  private boolean hasWork() {
    return inbox.size() > 0 || timers.due(streamTime);
  }

  /** Works until nothing is left or it is time for Kafka Streams to poll and commit. */
  private void drain() {
    long until = System.nanoTime() + batching.timeBudget().toNanos();
    while (inbox.size() > 0 && System.nanoTime() - until < 0) {
      readBatch();
    }
    Optional<Timers.Deadline> silent = timers.expired(streamTime);
    while (silent.isPresent()) {
      expire(silent.get());
      silent = System.nanoTime() - until < 0 ? timers.expired(streamTime) : Optional.empty();
    }
    if (draining != null && !hasWork()) {
      draining.cancel();
      draining = null;
    }
  }

  private void readBatch() {
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
    totals.oldestQueued(this, inbox.oldest());
  }

  /** Finds the chunks that cannot be read. When that is none of many, the trouble is not theirs. */
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
    if (failed.size() > 1 && failed.size() == turns.size()) {
      throw failed.values().iterator().next();
    }
    failed.forEach(Turn::giveUp);
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
        return;
      }
      List<Reading> readings = reader.read(reads);
      metrics.batch(reads.size());
      for (int i = 0; i < reads.size(); i++) {
        asking.get(i).session().answer(readings.get(i));
      }
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
      sendDeadLetter(entry, why);
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
        send(outcome);
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
    boolean over = state.getEnded() || state.getClosed();
    long now =
        streamTime == Long.MIN_VALUE // after a restart, before the first record
            ? Math.min(state.getLastTimestamp(), context.currentSystemTimeMs())
            : streamTime;
    timers.set(
        state.getStreamId(), deadline(now, over ? options.retention() : options.idleTimeout()));
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
    if (!state.getEnded() && !state.getClosed()) {
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
        forget(streamId.getBytes(UTF_8), deadline(state.getLastTimestamp(), options.retention()));
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
      send(outcome);
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
      List<String> open = new ArrayList<>();
      sessions.forEach(
          state -> {
            if (!state.getEnded() && !state.getClosed()) {
              open.add(state.getStreamId());
            }
          });
      open.forEach(this::close);
    }
  }

  // Output

  private void send(Outcome outcome) {
    if (outcome instanceof Outcome.Revised revised) {
      SummaryRecord record = SummaryRecord.of(revised, model.sha256());
      context.forward(
          new Record<>(
              record.key(),
              new Emission.Summary(record.summary()),
              record.timestamp(),
              record.headers()));
      metrics.summary(context.currentSystemTimeMs() - record.timestamp());
    } else if (outcome instanceof Outcome.Dropped dropped) {
      drop(dropped);
    } else if (outcome instanceof Outcome.Corrected) {
      metrics.correction();
    } else if (outcome instanceof Outcome.Missed) {
      metrics.gap();
    } else if (outcome instanceof Outcome.Ungrounded ungrounded) {
      metrics.ungrounded(ungrounded.replaced(), ungrounded.removed());
    }
  }

  /** What repeats something is only counted; what says something new is kept as a dead letter. */
  private void drop(Outcome.Dropped dropped) {
    metrics.dropped(dropped.reason());
    TranscriptChunk chunk = dropped.said().chunk();
    Optional<String> lost =
        switch (dropped.reason()) {
          case DUPLICATE, STALE_DRAFT, EARLY_DRAFT, REPLACED, WAITED_TO_THE_END -> Optional.empty();
          case TOO_LATE ->
              Optional.of(
                  ("chunk %d of stream '%s' corrects a chunk, or fills a gap, that is more than"
                          + " %d segments (correction.horizon) or %d chunks back, or in a talk that"
                          + " is over")
                      .formatted(
                          chunk.getSequence(),
                          chunk.getStreamId(),
                          options.correctionHorizon(),
                          Recollection.MOST_HEARD));
          case BEHIND_THE_END ->
              Optional.of(
                  "chunk %d of stream '%s' came before the end marker and is numbered behind it"
                      .formatted(chunk.getSequence(), chunk.getStreamId()));
        };
    if (lost.isPresent() && dropped.said() instanceof QueuedChunk queued && !queued.lost()) {
      sendDeadLetter(queued.entry(), new InvalidChunkException(lost.get()));
    }
  }

  private void reject(Arrival arrival, RuntimeException why) {
    Headers headers =
        OutputHeaders.ofDeadLetter(
            arrival.headers(), arrival.topic(), arrival.partition(), arrival.offset(), why);
    DeadLetterRecord letter =
        intake.keepsRejected()
            ? DeadLetterRecord.of(arrival.key(), arrival.value(), headers)
            : DeadLetterRecord.withoutValue(arrival.key(), arrival.value(), headers);
    sendDeadLetter(letter, arrival.timestamp(), why);
  }

  private void sendDeadLetter(InboxEntry entry, RuntimeException why) {
    Headers headers =
        OutputHeaders.ofDeadLetter(
            OutputHeaders.restore(entry.getHeaders()),
            entry.getTopic(),
            entry.getPartition(),
            entry.getOffset(),
            why);
    DeadLetterRecord letter =
        DeadLetterRecord.of(
            QueuedChunk.bytes(entry.getKey()), QueuedChunk.bytes(entry.getValue()), headers);
    sendDeadLetter(letter, entry.getTimestamp(), why);
  }

  private void sendDeadLetter(DeadLetterRecord kept, long timestamp, RuntimeException why) {
    LOG.warn("Dead letter: {}", why.getMessage());
    @SuppressWarnings("NullAway") // Kafka takes null keys
    Record<byte[], Emission> letter =
        new Record<>(
            kept.key(),
            new Emission.DeadLetter(kept.value(), String.valueOf(why.getMessage())),
            Math.max(0, timestamp),
            kept.headers());
    context.forward(letter);
    metrics.deadLetter();
  }
}
