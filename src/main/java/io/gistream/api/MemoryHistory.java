package io.gistream.api;

import io.gistream.api.MemoryView.Point;
import io.gistream.feed.Feed;
import io.gistream.feed.Feed.Observed;
import io.gistream.stream.LiveStreams;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.stream.MemoryInfo;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the memories of the streams heard last held, segment by segment. Thread-safe. */
@Singleton
final class MemoryHistory {
  static final int MAX_POINTS = 240;
  private static final int MAX_STREAMS = 500;

  private final LiveStreams streams;
  private final Map<String, Deque<Point>> histories =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Point>> eldest) {
          return size() > MAX_STREAMS;
        }
      };

  MemoryHistory(LiveStreams streams, Feed feed) {
    this.streams = streams;
    feed.observe(this::observe);
  }

  private void observe(Observed observed) {
    if (observed instanceof Observed.Summarised summarised && summarised.live()) {
      try {
        look(summarised.summary().streamId());
      } catch (NotReadyException e) {
        // it will be seen with the next summary
      }
    } else if (observed instanceof Observed.Gone gone) {
      forget(gone.erased().streamId());
    }
  }

  /** The memory of a stream as it is now, which becomes part of the history. */
  Optional<MemoryInfo> look(String streamId) {
    Optional<MemoryInfo> memory = streams.memory(streamId);
    memory.ifPresent(info -> add(streamId, info));
    return memory;
  }

  private synchronized void add(String streamId, MemoryInfo info) {
    Deque<Point> history = histories.computeIfAbsent(streamId, id -> new ArrayDeque<>());
    Point last = history.peekLast();
    if (last != null && last.segments() > info.segments() && !info.fromCheckpoint()) {
      history.clear(); // another talk
    }
    if (last == null || last.segments() != info.segments() || history.isEmpty()) {
      history.addLast(Point.of(info));
    }
    if (history.size() > MAX_POINTS) {
      history.removeFirst();
    }
  }

  synchronized List<Point> history(String streamId) {
    return List.copyOf(histories.getOrDefault(streamId, new ArrayDeque<>()));
  }

  private synchronized void forget(String streamId) {
    histories.remove(streamId);
  }
}
