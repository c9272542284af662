package io.gistream.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chunks of one stream that came before their turn, ordered by sequence number. */
public interface WaitingRoom {
  /** Lets a chunk wait, in the place of the one with its sequence number if there is one. */
  void put(Said said);

  /** The waiting chunk with a sequence number, or null when none waits. */
  @Nullable Said get(long sequence);

  /** The waiting chunk with the lowest sequence number, or null when none waits. */
  @Nullable Said first();

  /** Removes {@link #first()}. */
  void removeFirst();

  int size();

  /** All that wait, in the order of their sequence numbers. */
  List<Said> all();
}
