package io.gistream.session;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A waiting room that lives as long as the process. */
public final class InMemoryWaitingRoom implements WaitingRoom {
  private final SortedMap<Long, Said> chunks = new TreeMap<>();

  @Override
  public void put(Said said) {
    chunks.put(said.chunk().getSequence(), said);
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
    chunks.remove(chunks.firstKey());
  }

  @Override
  public int size() {
    return chunks.size();
  }

  @Override
  public List<Said> all() {
    return List.copyOf(chunks.values());
  }
}
