package io.gistream.stream;

import io.gistream.avro.Checkpoint;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.model.Memory;
import io.gistream.model.MemoryActivity;
import io.gistream.model.ModelManifest;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Recollection;
import io.gistream.session.Recollection.Remembered;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.stream.StreamInfo.Unsummarised;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** What the state stores of this instance say, while it runs. */
final class StoreQueries {
  private final KafkaStreams streams;
  private final StoreNames stores;
  private final RecollectionCache cache;
  private final SummaryModel model;

  StoreQueries(
      KafkaStreams streams, StoreNames stores, RecollectionCache cache, SummaryModel model) {
    this.streams = streams;
    this.stores = stores;
    this.cache = cache;
    this.model = model;
  }

  ModelInfo model() {
    ModelManifest manifest = model.manifest();
    return new ModelInfo(
        manifest.name(),
        manifest.version(),
        manifest.memory(),
        manifest.dims().layers(),
        manifest.dims().heads());
  }

  /** In the order of their ids. */
  List<StreamInfo> streams() {
    Map<String, Unsummarised> unsummarised = unsummarised();
    List<StreamInfo> infos = new ArrayList<>();
    try (KeyValueIterator<String, SessionState> all = sessions().all()) {
      while (all.hasNext()) {
        SessionState state = all.next().value;
        infos.add(info(state, unsummarised.getOrDefault(state.getStreamId(), Unsummarised.NONE)));
      }
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
    infos.sort(Comparator.comparing(StreamInfo::id));
    return infos;
  }

  Optional<StreamInfo> stream(String streamId) {
    try {
      return Optional.ofNullable(sessions().get(streamId))
          .map(state -> info(state, unsummarised(streamId)));
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
  }

  Optional<RollingSummary> summary(String streamId) {
    try {
      return Optional.ofNullable(sessions().get(streamId)).flatMap(StoreQueries::latest);
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
  }

  /** As the process keeps it; else as it was stored. */
  Optional<MemoryInfo> memory(String streamId) {
    try {
      SessionState state = sessions().get(streamId);
      if (state == null) {
        return Optional.empty();
      }
      Optional<Recollection> kept = cache.peek(streamId);
      if (kept.isPresent()) {
        Remembered it = kept.get().remembered();
        return Optional.of(memoryInfo(state, it.memory(), it.segments(), !it.present()));
      }
      byte[] stored = memories().get(RecollectionStore.checkpointKey(streamId));
      if (stored == null) {
        return Optional.of(memoryInfo(state, model.emptyMemory(), 0, true));
      }
      Checkpoint checkpoint = AvroCodec.checkpoint().decode(stored);
      ByteBuffer memory = checkpoint.getMemory();
      byte[] bytes = new byte[memory.remaining()];
      memory.get(bytes);
      return Optional.of(
          memoryInfo(state, model.memory(bytes), checkpoint.getSegmentsFolded(), true));
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
  }

  private MemoryInfo memoryInfo(
      SessionState state, Memory memory, long segments, boolean fromCheckpoint) {
    MemoryActivity activity = model.activity(memory);
    return new MemoryInfo(
        model.manifest().memory(),
        segments,
        memory.sizeInBytes(),
        model.threshold(),
        activity.firing(),
        activity.potential(),
        state.getLastTimestamp(),
        fromCheckpoint);
  }

  /** Whether chunks were taken from the topic that are still to be read. */
  boolean isBehind() {
    try (KeyValueIterator<Bytes, InboxEntry> all = inbox().all()) {
      while (all.hasNext()) {
        if (Inbox.isOfQueued(all.next().key.get())) {
          return true;
        }
      }
      return false;
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
  }

  private Map<String, Unsummarised> unsummarised() {
    Map<String, Unsummarised> byStream = new HashMap<>();
    try (KeyValueIterator<Bytes, InboxEntry> all = inbox().all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, InboxEntry> next = all.next();
        byStream.merge(
            Inbox.streamOf(next.key.get()),
            with(Unsummarised.NONE, next),
            (before, ignored) -> with(before, next));
      }
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
    return byStream;
  }

  private Unsummarised unsummarised(String streamId) {
    Unsummarised unsummarised = Unsummarised.NONE;
    try (KeyValueIterator<Bytes, InboxEntry> all =
        inbox().range(Inbox.firstKey(streamId), Inbox.lastKey(streamId))) {
      while (all.hasNext()) {
        unsummarised = with(unsummarised, all.next());
      }
    }
    return unsummarised;
  }

  private static Unsummarised with(Unsummarised before, KeyValue<Bytes, InboxEntry> entry) {
    if (entry.value.getErasure()) {
      return before;
    }
    byte[] key = entry.key.get();
    boolean waits = !Inbox.isOfQueued(key);
    long sequence =
        waits ? ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong() : -1;
    return before.with(waits, entry.value.getTimestamp(), sequence);
  }

  /**
   * A talk that fell silent keeps its last summary as it was, in case it goes on; asked for, it is
   * the final one.
   */
  private static Optional<RollingSummary> latest(SessionState state) {
    RollingSummary latest = state.getLatest();
    if (latest == null || !state.getClosed() || latest.getFinal$()) {
      return Optional.ofNullable(latest);
    }
    return Optional.of(
        new RollingSummary(
            latest.getStreamId(),
            latest.getEpoch(),
            latest.getRevision(),
            latest.getText(),
            latest.getSentences(),
            latest.getAdded(),
            latest.getRemoved(),
            latest.getCovered(),
            latest.getGaps(),
            false,
            true,
            latest.getStartMillis(),
            latest.getEndMillis(),
            latest.getWordsHeard(),
            latest.getModelName(),
            latest.getModelVersion()));
  }

  private static StreamInfo info(SessionState state, Unsummarised unsummarised) {
    RollingSummary latest = state.getLatest();
    return new StreamInfo(
        state.getStreamId(),
        state.getEpoch(),
        latest == null ? 0 : latest.getRevision(),
        state.getNextSequence(),
        latest == null ? 0 : latest.getWordsHeard(),
        state.getLastTimestamp(),
        state.getEnded() || state.getClosed(),
        latest != null && latest.getProvisional(),
        latest == null ? 0 : latest.getGaps().size(),
        unsummarised);
  }

  private ReadOnlyKeyValueStore<String, SessionState> sessions() {
    return store(stores.sessions());
  }

  private ReadOnlyKeyValueStore<Bytes, byte[]> memories() {
    return store(stores.memories());
  }

  private ReadOnlyKeyValueStore<Bytes, InboxEntry> inbox() {
    return store(stores.inbox());
  }

  private <K, V> ReadOnlyKeyValueStore<K, V> store(String name) {
    try {
      return streams.store(
          StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<K, V>keyValueStore()));
    } catch (StreamsNotStartedException | IllegalStateException e) {
      throw notReady(e);
    }
  }

  private NotReadyException notReady(Exception e) {
    return new NotReadyException(
        "the streams are " + streams.state() + "; partitions are being moved or restored", e);
  }
}
