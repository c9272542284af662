package io.gistream.session;

import io.gistream.avro.SessionState;
import io.gistream.config.SummaryOptions;
import io.gistream.model.Read;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A talk of which nothing but bytes is left between two chunks. */
final class StoredTalk {
  private final String streamId;
  private final SummaryModel model;
  private final Sessions sessions;
  private final SegmentReader reader;
  private final WaitingRoom waiting = new InMemoryWaitingRoom();
  private byte @Nullable [] state;
  private Optional<byte[]> checkpoint = Optional.empty();
  private List<byte[]> heard = List.of();

  StoredTalk(String streamId, SummaryModel model, SummaryOptions options) {
    this.streamId = streamId;
    this.model = model;
    this.sessions = new Sessions(model, options);
    this.reader = model.reader();
  }

  List<Outcome> accept(Said said) {
    Session session = open();
    session.offer(said);
    for (Optional<Read> read = session.wanted(); read.isPresent(); read = session.wanted()) {
      session.answer(reader.read(List.of(read.get())).get(0));
    }
    state = AvroCodec.session().encode(session.state());
    checkpoint =
        session.recollection().checkpoint(model.sha256()).map(AvroCodec.checkpoint()::encode);
    heard = session.recollection().heard().stream().map(AvroCodec.heardChunk()::encode).toList();
    return session.takeOutcomes();
  }

  private Session open() {
    if (state == null) {
      return sessions.begin(streamId, waiting);
    }
    SessionState saved = AvroCodec.session().decode(state);
    Recollection recollection =
        Recollection.stored(
            checkpoint.map(AvroCodec.checkpoint()::decode),
            heard.stream().map(AvroCodec.heardChunk()::decode).toList(),
            saved.getFirstExpected(),
            model);
    return sessions.resume(saved, recollection, waiting);
  }
}
