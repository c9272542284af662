package io.gistream.replay;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Read;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.serde.ValueFormat;
import io.gistream.session.InMemoryWaitingRoom;
import io.gistream.session.Outcome;
import io.gistream.session.Session;
import io.gistream.session.Sessions;
import io.gistream.stream.ChunkIntake;
import io.gistream.stream.ChunkIntake.Arrival;
import io.gistream.stream.ChunkIntake.Taken;
import io.gistream.stream.QueuedChunk;
import io.gistream.stream.SummaryRecord;
import io.gistream.stream.TopicFormats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The summaries that the chunks of one partition bring about, worked out record by record in the
 * calling thread: no Kafka Streams, no stores, no batches, no timers.
 *
 * <pre>{@code
 * ReferenceFold fold = new ReferenceFold(model, options);
 * for (ConsumerRecord<byte[], byte[]> record : partitionFromItsBeginning) {
 *   expected.addAll(fold.accept(record));
 * }
 * }</pre>
 *
 * <p>The final summary of a talk that falls silent comes here with the next chunk of its stream. A
 * timer may bring it earlier; {@link #ifClosedNow} says what it would be, {@link #close} goes along
 * with it.
 */
public final class ReferenceFold {
  private final SummaryModel model;
  private final SummaryOptions options;
  private final Sessions sessions;
  private final ValueFormat<RollingSummary> summaryFormat;
  private final ChunkIntake intake;
  private final SegmentReader reader;
  private final Map<String, Talk> talks = new HashMap<>();
  private long partitionTime = -1;

  private record Talk(Session session, InMemoryWaitingRoom waiting) {}

  /** For chunks in Avro single-object encoding. */
  public ReferenceFold(SummaryModel model, SummaryOptions options) {
    this(model, options, TopicFormats.singleObject());
  }

  /** For topics of any format. */
  public ReferenceFold(SummaryModel model, SummaryOptions options, TopicFormats formats) {
    this.model = model;
    this.options = options;
    this.sessions = new Sessions(model, options);
    this.summaryFormat = formats.summaries();
    this.intake = new ChunkIntake(formats.chunks(), options.maxCharacters());
    this.reader = model.reader();
  }

  /**
   * Takes the next record of the partition, in the order of offsets.
   *
   * @return what it brings to the summaries topic, in order
   */
  public List<ExpectedSummary> accept(ConsumerRecord<byte[], byte[]> record) {
    long time = ChunkIntake.eventTime(record.timestamp(), partitionTime);
    partitionTime = Math.max(partitionTime, time);
    Taken taken =
        intake.take(
            new Arrival(
                record.topic(),
                record.partition(),
                record.offset(),
                time,
                record.key(),
                record.value(),
                record.headers()));
    if (taken.erased() != null) {
      talks.remove(taken.erased());
      return List.of(ExpectedSummary.tombstone(taken.erased(), record.offset(), Math.max(0, time)));
    }
    QueuedChunk chunk = taken.chunk();
    return chunk == null ? List.of() : expected(offer(chunk));
  }

  /**
   * The final summary that a timer would bring about now; empty when the talk has ended or is
   * closed. Changes nothing.
   */
  public Optional<ExpectedSummary> ifClosedNow(String streamId) {
    Talk talk = talks.get(streamId);
    return talk == null ? Optional.empty() : close(copy(talk));
  }

  /** A timer has brought about the final summary now. */
  public Optional<ExpectedSummary> close(String streamId) {
    Talk talk = talks.get(streamId);
    return talk == null ? Optional.empty() : close(talk);
  }

  /**
   * What takes the stream off the summaries topic if its state is deleted now because {@code
   * session.retention} is over; empty when that cannot be. Changes nothing.
   */
  public Optional<ExpectedSummary> ifForgottenNow(String streamId) {
    Talk talk = talks.get(streamId);
    if (talk == null || !options.retentionTombstone()) {
      return Optional.empty();
    }
    SessionState state = talk.session().state();
    if (!state.getEnded() && !state.getClosed()) {
      return Optional.empty();
    }
    long last = state.getLastTimestamp();
    long retention = Math.min(options.retention().toMillis(), Long.MAX_VALUE - Math.max(0, last));
    return Optional.of(
        ExpectedSummary.tombstone(
            streamId, ExpectedSummary.NO_CAUSE, Math.max(0, last + retention)));
  }

  /** Whether a chunk of this stream came, whatever became of it. */
  boolean knows(String streamId) {
    return talks.containsKey(streamId);
  }

  /**
   * Whether it is worth asking {@link #ifClosedNow}, which is as expensive as a chunk.
   *
   * @param awaited whether somebody waits for the event of this id
   */
  boolean mayBeClosedAs(String streamId, Predicate<String> awaited) {
    Talk talk = talks.get(streamId);
    if (talk == null) {
      return false;
    }
    SessionState state = talk.session().state();
    if (state.getEnded() || state.getClosed()) {
      return false;
    }
    RollingSummary latest = state.getLatest();
    long revision = latest == null ? 1 : latest.getRevision() + 1;
    // those that wait are let in first, which gives revisions too
    return talk.waiting().size() > 0
        || awaited.test(SummaryRecord.idOfSilence(streamId, state.getEpoch(), revision));
  }

  /** No more will come of this stream, or its state was deleted. */
  public void release(String streamId) {
    talks.remove(streamId);
  }

  private List<Outcome> offer(QueuedChunk chunk) {
    String streamId = chunk.chunk().getStreamId();
    Talk talk =
        talks.computeIfAbsent(
            streamId,
            id -> {
              InMemoryWaitingRoom waiting = new InMemoryWaitingRoom();
              return new Talk(sessions.begin(id, waiting), waiting);
            });
    Talk before = copy(talk);
    try {
      return offer(talk, chunk);
    } catch (RuntimeException e) {
      if (chunk.lost()) {
        throw e;
      }
      // what the model cannot read is a dead letter, and only its place in the order counts
      talks.put(streamId, before);
      return offer(before, chunk.withoutText());
    }
  }

  private List<Outcome> offer(Talk talk, QueuedChunk chunk) {
    talk.session().offer(chunk);
    return readOn(talk);
  }

  private Optional<ExpectedSummary> close(Talk talk) {
    talk.session().close();
    return expected(readOn(talk)).stream().findFirst();
  }

  private List<Outcome> readOn(Talk talk) {
    Session session = talk.session();
    for (Optional<Read> read = session.wanted(); read.isPresent(); read = session.wanted()) {
      session.answer(reader.read(List.of(read.get())).get(0));
    }
    return session.takeOutcomes();
  }

  private Talk copy(Talk talk) {
    InMemoryWaitingRoom waiting = new InMemoryWaitingRoom();
    talk.waiting().all().forEach(waiting::put);
    Session session =
        sessions.resume(talk.session().state(), talk.session().recollection(), waiting);
    return new Talk(session, waiting);
  }

  private List<ExpectedSummary> expected(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Revised.class::isInstance)
        .map(
            outcome -> ExpectedSummary.of((Outcome.Revised) outcome, model.sha256(), summaryFormat))
        .toList();
  }
}
