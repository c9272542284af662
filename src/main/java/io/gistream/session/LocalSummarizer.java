package io.gistream.session;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Memory;
import io.gistream.model.Read;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import java.util.List;
import java.util.Optional;

/**
 * Summarises one stream in the calling thread, one segment at a time, keeping everything in memory:
 * for files, for measuring, and as the reference that the stream processor must agree with byte for
 * byte.
 */
public final class LocalSummarizer {
  private final Session session;
  private final SegmentReader reader;

  /** Summarises a new stream. */
  public LocalSummarizer(String streamId, SummaryModel model, SummaryOptions options) {
    this(streamId, model, options, model.reader());
  }

  /** Summarises a new stream with a reader that others of the same thread use too. */
  public LocalSummarizer(
      String streamId, SummaryModel model, SummaryOptions options, SegmentReader reader) {
    this.session = new Sessions(model, options).begin(streamId, new InMemoryWaitingRoom());
    this.reader = reader;
  }

  /** Takes a chunk; returns all that became of it and of chunks that waited for it. */
  public List<Outcome> accept(Said said) {
    session.offer(said);
    return readOn();
  }

  /** The final summary, when nothing more will come. */
  public List<Outcome> close() {
    session.close();
    return readOn();
  }

  /** What a store would keep. */
  public SessionState state() {
    return session.state();
  }

  /** What a store would keep beside {@link #state()}. */
  public Recollection recollection() {
    return session.recollection();
  }

  /** The memory as it is now. */
  public Memory memory() {
    return session.memory();
  }

  /** The last summary among outcomes. */
  public static Optional<RollingSummary> latest(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Revised.class::isInstance)
        .map(outcome -> ((Outcome.Revised) outcome).summary())
        .reduce((first, second) -> second);
  }

  private List<Outcome> readOn() {
    for (Optional<Read> read = session.wanted(); read.isPresent(); read = session.wanted()) {
      session.answer(reader.read(List.of(read.get())).get(0));
    }
    return session.takeOutcomes();
  }
}
