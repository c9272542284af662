package io.gistream.stream;

import io.gistream.avro.SessionState;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.session.Session;
import io.gistream.session.WaitingRoom;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Sessions and memories, which are kept in two stores because they change at different times. */
final class SessionStores {
  private final KeyValueStore<String, SessionState> sessions;
  private final KeyValueStore<String, byte[]> memories;
  private final SummaryModel model;
  private final SummaryOptions options;

  SessionStores(
      KeyValueStore<String, SessionState> sessions,
      KeyValueStore<String, byte[]> memories,
      SummaryModel model,
      SummaryOptions options) {
    this.sessions = sessions;
    this.memories = memories;
    this.model = model;
    this.options = options;
  }

  /**
   * Visits every session. Throws {@link StateOfAnotherModelException} on one that another model
   * wrote.
   */
  void forEach(Consumer<SessionState> visitor) {
    try (KeyValueIterator<String, SessionState> all = sessions.all()) {
      while (all.hasNext()) {
        KeyValue<String, SessionState> next = all.next();
        checkModel(next.value);
        visitor.accept(next.value);
      }
    }
  }

  private void checkModel(SessionState state) {
    if (!state.getEnded() && !state.getModelSha256().equals(model.sha256())) {
      throw new StateOfAnotherModelException(
          ("the state of stream '%s' was written by model %s, but model %s %s (%s) is loaded; run the old model,"
                  + " or start over under another application.id")
              .formatted(
                  state.getStreamId(),
                  state.getModelSha256(),
                  model.manifest().name(),
                  model.manifest().version(),
                  model.sha256()));
    }
  }

  Session load(String streamId, WaitingRoom waiting) {
    SessionState state = sessions.get(streamId);
    if (state == null) {
      return Session.begin(streamId, model, options, waiting);
    }
    byte @Nullable [] memory = memories.get(streamId);
    return Session.resume(
        state,
        memory == null ? model.emptyMemory() : model.memory(memory),
        model,
        options,
        waiting);
  }

  void save(Session session, boolean memoryChanged) {
    SessionState state = session.state();
    sessions.put(state.getStreamId(), state);
    if (state.getEnded()) {
      memories.delete(state.getStreamId());
    } else if (memoryChanged) {
      memories.put(state.getStreamId(), session.memory().toBytes());
    }
  }

  @Nullable SessionState get(String streamId) {
    return sessions.get(streamId);
  }

  void delete(String streamId) {
    sessions.delete(streamId);
    memories.delete(streamId);
  }
}
