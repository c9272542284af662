package io.gistream.stream;

import io.gistream.session.Recollection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recollections of the streams that were heard last, complete with the memory of now, shared by all
 * tasks of a process. What is evicted is told again from its checkpoint: the size changes how fast
 * a summary comes, never what it says. Thread-safe.
 */
final class RecollectionCache {
  private final long maxBytes;
  private final Map<Key, Recollection> leastRecentFirst = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<View> open = new LinkedHashSet<>();
  private long bytes;

  RecollectionCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  private record Key(View view, String streamId) {}

  /**
   * The part of one life of one task: what a task that was rolled back kept is never seen again.
   */
  final class View {
    private View() {}

    @Nullable Recollection get(String streamId) {
      synchronized (RecollectionCache.this) {
        return leastRecentFirst.get(new Key(this, streamId));
      }
    }

    void put(String streamId, Recollection recollection) {
      synchronized (RecollectionCache.this) {
        remove(streamId);
        leastRecentFirst.put(new Key(this, streamId), recollection);
        bytes += recollection.sizeInBytes();
        evict();
      }
    }

    void remove(String streamId) {
      synchronized (RecollectionCache.this) {
        Recollection old = leastRecentFirst.remove(new Key(this, streamId));
        bytes -= old == null ? 0 : old.sizeInBytes();
      }
    }

    /** Forgets all of it. */
    void close() {
      synchronized (RecollectionCache.this) {
        open.remove(this);
        for (Iterator<Map.Entry<Key, Recollection>> all = leastRecentFirst.entrySet().iterator();
            all.hasNext(); ) {
          Map.Entry<Key, Recollection> entry = all.next();
          if (entry.getKey().view() == this) {
            bytes -= entry.getValue().sizeInBytes();
            all.remove();
          }
        }
      }
    }
  }

  View open() {
    View view = new View();
    synchronized (this) {
      open.add(view);
    }
    return view;
  }

  /** What any of the tasks keeps of a stream, to be looked at. */
  synchronized Optional<Recollection> peek(String streamId) {
    return open.stream()
        .map(view -> leastRecentFirst.get(new Key(view, streamId)))
        .filter(Objects::nonNull)
        .findFirst();
  }

  synchronized long bytes() {
    return bytes;
  }

  private void evict() {
    Iterator<Recollection> oldest = leastRecentFirst.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= oldest.next().sizeInBytes();
      oldest.remove();
    }
  }
}
