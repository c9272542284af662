package io.gistream.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which stream falls silent when: one deadline for each, in event time. Lives in memory and is
 * rebuilt from the sessions.
 */
final class Timers {
  /** When a stream's time is up. */
  record Deadline(long time, String streamId) implements Comparable<Deadline> {
    @Override
    public int compareTo(Deadline other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : streamId.compareTo(other.streamId);
    }
  }

  private final Map<String, Deadline> byStream = new HashMap<>();
  private final TreeSet<Deadline> inOrder = new TreeSet<>();

  /** Sets a stream's deadline in place of the one it had. */
  void set(String streamId, long time) {
    cancel(streamId);
    Deadline deadline = new Deadline(time, streamId);
    byStream.put(streamId, deadline);
    inOrder.add(deadline);
  }

  void clear() {
    byStream.clear();
    inOrder.clear();
  }

  void cancel(String streamId) {
    Deadline old = byStream.remove(streamId);
    if (old != null) {
      inOrder.remove(old);
    }
  }

  /** Whether any deadline is over at the time given. */
  boolean due(long time) {
    return !inOrder.isEmpty() && inOrder.first().time() < time;
  }

  /** Removes and returns the earliest deadline if that is over at the time given. */
  Optional<Deadline> expired(long time) {
    if (!due(time)) {
      return Optional.empty();
    }
    Deadline earliest = inOrder.first();
    cancel(earliest.streamId());
    return Optional.of(earliest);
  }
}
