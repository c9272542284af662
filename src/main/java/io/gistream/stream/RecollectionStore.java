package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.Checkpoint;
import io.gistream.avro.HeardChunk;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Recollection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints, and the chunks heard since. A chunk is written once and deleted once, a checkpoint
 * every few segments: that is what the changelog of the memories costs.
 *
 * <p>Keys: stream id in UTF-8, a zero byte (stream ids have no control characters), then {@code c}
 * for the {@link Checkpoint}, or {@code h} and the sequence number (eight bytes, big-endian) for a
 * {@link HeardChunk}.
 */
final class RecollectionStore {
  private static final byte CHECKPOINT = 'c';
  private static final byte HEARD = 'h';

  private final KeyValueStore<Bytes, byte[]> store;
  private final SummaryModel model;

  RecollectionStore(KeyValueStore<Bytes, byte[]> store, SummaryModel model) {
    this.store = store;
    this.model = model;
  }

  /** Throws {@link DamagedStateException} when what is stored cannot be read. */
  Recollection load(String streamId, long firstExpected) {
    return DamagedStateException.reading(
        store.name(),
        streamId,
        () ->
            Recollection.stored(checkpoint(streamId), heardChunks(streamId), firstExpected, model));
  }

  private Optional<Checkpoint> checkpoint(String streamId) {
    byte @Nullable [] saved = store.get(checkpointKey(streamId));
    return Optional.ofNullable(saved).map(AvroCodec.checkpoint()::decode);
  }

  private List<HeardChunk> heardChunks(String streamId) {
    List<HeardChunk> chunks = new ArrayList<>();
    heard(streamId)
        .forEach(
            (key, saved) -> {
              HeardChunk chunk = AvroCodec.heardChunk().decode(saved);
              if (!key.equals(heardKey(streamId, chunk.getSequence()))) {
                throw new IllegalArgumentException(
                    "chunk %d has the key of another".formatted(chunk.getSequence()));
              }
              chunks.add(chunk);
            });
    return chunks;
  }

  /** Writes what changed. */
  void save(String streamId, Recollection before, Recollection after) {
    if (!after.sharesCheckpointWith(before)) {
      Bytes key = checkpointKey(streamId);
      after
          .checkpoint(model.sha256())
          .ifPresentOrElse(
              checkpoint -> store.put(key, AvroCodec.checkpoint().encode(checkpoint)),
              () -> store.delete(key));
    }
    Map<Long, HeardChunk> old = new LinkedHashMap<>();
    before.heard().forEach(chunk -> old.put(chunk.getSequence(), chunk));
    for (HeardChunk chunk : after.heard()) {
      if (!chunk.equals(old.remove(chunk.getSequence()))) {
        store.put(heardKey(streamId, chunk.getSequence()), AvroCodec.heardChunk().encode(chunk));
      }
    }
    old.keySet().forEach(sequence -> store.delete(heardKey(streamId, sequence)));
  }

  void delete(String streamId) {
    store.delete(checkpointKey(streamId));
    heard(streamId).keySet().forEach(store::delete);
  }

  private Map<Bytes, byte[]> heard(String streamId) {
    Map<Bytes, byte[]> heard = new LinkedHashMap<>();
    Bytes first = heardKey(streamId, 0);
    Bytes last = heardKey(streamId, Long.MAX_VALUE);
    try (KeyValueIterator<Bytes, byte[]> chunks = store.range(first, last)) {
      while (chunks.hasNext()) {
        KeyValue<Bytes, byte[]> next = chunks.next();
        heard.put(next.key, next.value);
      }
    }
    return heard;
  }

  /** The key of a stream's checkpoint. */
  static Bytes checkpointKey(String streamId) {
    return key(streamId, CHECKPOINT).wrap();
  }

  private static Bytes heardKey(String streamId, long sequence) {
    return key(streamId, HEARD).with(sequence);
  }

  private static Key key(String streamId, byte kind) {
    return new Key(streamId.getBytes(UTF_8), kind);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Key(byte[] id, byte kind) {
    Bytes wrap() {
      return Bytes.wrap(start(0).array());
    }

    Bytes with(long sequence) {
      return Bytes.wrap(start(Long.BYTES).putLong(sequence).array());
    }

    private ByteBuffer start(int more) {
      return ByteBuffer.allocate(id.length + 2 + more).put(id).put((byte) 0).put(kind);
    }
  }
}
