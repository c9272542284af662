package io.gistream.session;

import io.gistream.avro.SessionState;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;

/**
 * Makes the sessions of talks that one model summarises by the same options. What they have in
 * common they share, such as what is remembered of sentences: sessions come and go with every
 * batch. Thread-safe.
 */
public final class Sessions {
  private final SummaryModel model;
  private final SummaryOptions options;
  private final OpenSegment openSegment;
  private final SummaryWriter writer;

  /** With 2 MiB for what is remembered: enough for some talks. */
  public Sessions(SummaryModel model, SummaryOptions options) {
    this(model, options, 2 << 20);
  }

  /**
   * @param cacheBytes heap for what is remembered of sentences
   */
  public Sessions(SummaryModel model, SummaryOptions options, long cacheBytes) {
    this.model = model;
    this.options = options;
    long ofCounts = cacheBytes / 4;
    this.openSegment = new OpenSegment(model, options, ofCounts);
    this.writer = new SummaryWriter(model.manifest(), options, cacheBytes - ofCounts);
  }

  /** A stream that has said nothing yet. */
  public Session begin(String streamId, WaitingRoom waiting) {
    Progress progress = new Progress(streamId, 0, model.emptyMemory());
    return new Session(model, options, openSegment, writer, waiting, progress);
  }

  /** A stream as it was saved. What was heard since the checkpoint is read again if need be. */
  public Session resume(SessionState state, Recollection recollection, WaitingRoom waiting) {
    Progress progress = new Progress(state, recollection);
    Session session = new Session(model, options, openSegment, writer, waiting, progress);
    if (recollection.now() == null) {
      session.recallFirst();
    }
    return session;
  }
}
