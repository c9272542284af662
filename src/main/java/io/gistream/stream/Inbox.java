package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.TranscriptChunk;
import io.gistream.session.Said;
import io.gistream.session.WaitingRoom;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that are not summarised yet, by stream: those that queue to be read, in the order they
 * came, and those that wait for a predecessor, in the order of their sequence numbers. All of it is
 * in a logged store, so that nothing is only in memory when a transaction commits; the queues are
 * mirrored in memory so that finding the next batch reads nothing.
 *
 * <p>Keys of the store: stream id in UTF-8, a zero byte (stream ids have no control characters),
 * {@code q} or {@code w}, then eight bytes big-endian: a running number for {@code q}, the sequence
 * number for {@code w}.
 */
final class Inbox {
  private static final byte QUEUED = 'q';
  private static final byte WAITING = 'w';

  /** The next streams to be served wait longest. */
  private static final int MOST_ASKED_FOR_AGE = 64;

  private final KeyValueStore<Bytes, InboxEntry> store;

  /** Streams with queued chunks; the one that was served longest ago comes first. */
  private final Map<String, Deque<Queued>> queues = new LinkedHashMap<>();

  private final Map<String, SortedMap<Long, QueuedChunk>> waiting = new LinkedHashMap<>();
  private long nextNumber;
  private int queued;

  private record Queued(long number, QueuedChunk chunk) {}

  /** Throws {@link DamagedStateException} when what is stored cannot be read. */
  Inbox(KeyValueStore<Bytes, InboxEntry> store) {
    this.store = store;
    rebuild();
  }

  private void rebuild() {
    Map<Long, QueuedChunk> inOrder = new TreeMap<>();
    try (KeyValueIterator<Bytes, InboxEntry> all = store.all()) {
      while (all.hasNext()) {
        byte[] key = all.peekNextKey().get();
        String streamId = streamId(key);
        QueuedChunk chunk =
            DamagedStateException.reading(
                store.name(), streamId, () -> QueuedChunk.of(all.next().value));
        checkPlace(key, streamId, chunk);
        long number = number(key);
        if (isOfQueued(key)) {
          inOrder.put(number, chunk);
        } else {
          waitingOf(streamId).put(number, chunk);
        }
      }
    }
    inOrder.forEach(
        (number, chunk) -> {
          queue(new Queued(number, chunk));
          nextNumber = number + 1;
        });
  }

  private void checkPlace(byte[] key, String streamId, QueuedChunk chunk) {
    TranscriptChunk there = chunk.chunk();
    if (!there.getStreamId().equals(streamId)
        || !(isOfQueued(key) || there.getSequence() == number(key))) {
      throw new DamagedStateException(
          store.name(),
          streamId,
          "it is chunk %d of stream '%s'".formatted(there.getSequence(), there.getStreamId()));
    }
  }

  private static String streamId(byte[] key) {
    return new String(key, 0, Math.max(0, key.length - Long.BYTES - 2), UTF_8);
  }

  private static long number(byte[] key) {
    return ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong();
  }

  /** Whether a key of the store is that of a chunk that is still to be read. */
  static boolean isOfQueued(byte[] key) {
    return key[key.length - Long.BYTES - 1] == QUEUED;
  }

  /** The stream of a key of the store. */
  static String streamOf(byte[] key) {
    return new String(key, 0, key.length - Long.BYTES - 2, UTF_8);
  }

  /** The first key that a stream may have in the store. */
  static Bytes firstKey(String streamId) {
    return key(streamId, QUEUED, 0);
  }

  /** The last key that a stream may have in the store. */
  static Bytes lastKey(String streamId) {
    return key(streamId, WAITING, Long.MAX_VALUE);
  }

  void add(QueuedChunk chunk) {
    Queued last = new Queued(nextNumber++, chunk);
    store.put(key(chunk.chunk().getStreamId(), QUEUED, last.number()), chunk.entry());
    queue(last);
  }

  private void queue(Queued last) {
    queues.computeIfAbsent(last.chunk().chunk().getStreamId(), id -> new ArrayDeque<>()).add(last);
    queued++;
  }

  /** How many chunks queue. */
  int size() {
    return queued;
  }

  /** How many streams have chunks queued. */
  int streams() {
    return queues.size();
  }

  /** Timestamp of the oldest of those that were added first of their streams. */
  OptionalLong oldest() {
    return queues.values().stream()
        .limit(MOST_ASKED_FOR_AGE)
        .mapToLong(queue -> queue.getFirst().chunk().timestamp())
        .min();
  }

  boolean isQueued(String streamId) {
    return queues.containsKey(streamId);
  }

  /**
   * The first chunk of each of the next streams to be served; they stay in the inbox.
   *
   * @param most chunks
   * @param mostCharacters of all of them together, unless the first has more
   */
  List<QueuedChunk> heads(int most, int mostCharacters) {
    List<QueuedChunk> heads = new ArrayList<>();
    int characters = 0;
    for (Deque<Queued> queue : queues.values()) {
      QueuedChunk head = queue.getFirst().chunk();
      characters += head.chunk().getText().length();
      if (heads.size() == most || (characters > mostCharacters && !heads.isEmpty())) {
        break;
      }
      heads.add(head);
    }
    return heads;
  }

  /** Removes the first chunk of a stream; the stream goes to the end of the line. */
  void removeHead(String streamId) {
    Deque<Queued> queue = queues.remove(streamId);
    if (queue == null) {
      throw new IllegalStateException("nothing is queued for stream " + streamId);
    }
    store.delete(key(streamId, QUEUED, queue.removeFirst().number()));
    queued--;
    if (!queue.isEmpty()) {
      queues.put(streamId, queue);
    }
  }

  /** Removes the chunks of a stream that wait for a predecessor, and says how many there were. */
  int removeWaiting(String streamId) {
    StoredWaitingRoom room = waitingRoom(streamId);
    int waited = room.size();
    room.clear();
    room.save();
    return waited;
  }

  private SortedMap<Long, QueuedChunk> waitingOf(String streamId) {
    return waiting.computeIfAbsent(streamId, id -> new TreeMap<>());
  }

  private static Bytes key(String streamId, byte kind, long number) {
    byte[] id = streamId.getBytes(UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(id.length + 2 + Long.BYTES)
            .put(id)
            .put((byte) 0)
            .put(kind)
            .putLong(number)
            .array());
  }

  /**
   * The waiting chunks of a stream. Changes reach the store with {@link StoredWaitingRoom#save()},
   * so that work on a chunk can be given up and begun again.
   */
  StoredWaitingRoom waitingRoom(String streamId) {
    return new StoredWaitingRoom(streamId);
  }

  /** See {@link #waitingRoom}. */
  final class StoredWaitingRoom implements WaitingRoom {
    private final String streamId;
    private final SortedMap<Long, QueuedChunk> chunks;
    private final SortedMap<Long, @Nullable QueuedChunk> changes = new TreeMap<>();

    private StoredWaitingRoom(String streamId) {
      this.streamId = streamId;
      SortedMap<Long, QueuedChunk> saved = waiting.get(streamId);
      this.chunks = saved == null ? new TreeMap<>() : new TreeMap<>(saved);
    }

    @Override
    public void put(Said said) {
      QueuedChunk chunk = (QueuedChunk) said;
      chunks.put(chunk.chunk().getSequence(), chunk);
      changes.put(chunk.chunk().getSequence(), chunk);
    }

    @Override
    public @Nullable Said get(long sequence) {
      return chunks.get(sequence);
    }

    @Override
    public @Nullable Said first() {
      return chunks.isEmpty() ? null : chunks.get(chunks.firstKey());
    }

    @Override
    public void removeFirst() {
      Long sequence = chunks.firstKey();
      chunks.remove(sequence);
      changes.put(sequence, null);
    }

    @Override
    public int size() {
      return chunks.size();
    }

    void clear() {
      while (!chunks.isEmpty()) {
        removeFirst();
      }
    }

    @Override
    public List<Said> all() {
      return List.copyOf(chunks.values());
    }

    void save() {
      changes.forEach(
          (sequence, chunk) -> {
            Bytes key = key(streamId, WAITING, sequence);
            if (chunk == null) {
              store.delete(key);
            } else {
              store.put(key, chunk.entry());
            }
          });
      changes.clear();
      if (chunks.isEmpty()) {
        waiting.remove(streamId);
      } else {
        waiting.put(streamId, chunks);
      }
    }
  }
}
