package io.gistream.stream;

import io.gistream.avro.SessionState;
import io.gistream.model.SummaryModel;
import io.gistream.session.Recollection;
import io.gistream.session.Session;
import io.gistream.session.Sessions;
import io.gistream.session.WaitingRoom;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Sessions and what they remember, in two stores because they change at different times. */
final class SessionStores {
  private final KeyValueStore<String, SessionState> sessions;
  private final RecollectionStore recollections;
  private final RecollectionCache.View cache;
  private final SummaryModel model;
  private final Sessions factory;

  SessionStores(
      KeyValueStore<String, SessionState> sessions,
      RecollectionStore recollections,
      RecollectionCache.View cache,
      SummaryModel model,
      Sessions factory) {
    this.sessions = sessions;
    this.recollections = recollections;
    this.cache = cache;
    this.model = model;
    this.factory = factory;
  }

  /**
   * Visits every session. Throws {@link StateOfAnotherModelException} on one that another model
   * wrote, {@link DamagedStateException} on one that cannot be read.
   */
  void forEach(Consumer<SessionState> visitor) {
    try (KeyValueIterator<String, SessionState> all = sessions.all()) {
      while (all.hasNext()) {
        String streamId = all.peekNextKey();
        SessionState state =
            DamagedStateException.reading(sessions.name(), streamId, () -> all.next().value);
        checkOwner(streamId, state);
        checkModel(state);
        visitor.accept(state);
      }
    }
  }

  private void checkOwner(String streamId, SessionState state) {
    if (!state.getStreamId().equals(streamId)) {
      throw new DamagedStateException(
          sessions.name(), streamId, "it is that of stream '" + state.getStreamId() + "'");
    }
  }

  private void checkModel(SessionState state) {
    if (!state.getEnded() && !state.getModelSha256().equals(model.sha256())) {
      throw new StateOfAnotherModelException(
          ("the state of stream '%s' was written by model %s, but model %s %s (%s) is loaded; run the old model,"
                  + " start over under another application.id, or let it be rebuilt from the chunks"
                  + " topic (on-model-change=rebuild)")
              .formatted(
                  state.getStreamId(),
                  state.getModelSha256(),
                  model.manifest().name(),
                  model.manifest().version(),
                  model.sha256()));
    }
  }

  /** A session, and what was stored of it. */
  record Loaded(Session session, Recollection stored) {}

  Loaded load(String streamId, WaitingRoom waiting) {
    SessionState state = get(streamId);
    if (state == null) {
      Session session = factory.begin(streamId, waiting);
      return new Loaded(session, session.recollection());
    }
    Recollection recollection = cache.get(streamId);
    if (recollection == null) {
      recollection = recollections.load(streamId, state.getFirstExpected());
    }
    return new Loaded(factory.resume(state, recollection, waiting), recollection);
  }

  void save(Loaded loaded) {
    SessionState state = loaded.session().state();
    Recollection recollection = loaded.session().recollection();
    sessions.put(state.getStreamId(), state);
    recollections.save(state.getStreamId(), loaded.stored(), recollection);
    cache.put(state.getStreamId(), recollection);
  }

  @Nullable SessionState get(String streamId) {
    SessionState state =
        DamagedStateException.<@Nullable SessionState>reading(
            sessions.name(), streamId, () -> sessions.get(streamId));
    if (state != null) {
      checkOwner(streamId, state);
    }
    return state;
  }

  void delete(String streamId) {
    sessions.delete(streamId);
    recollections.delete(streamId);
    cache.remove(streamId);
  }
}
