package io.gistream.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Native resources that live and die together; closed in the opposite order of opening. */
final class Resources implements AutoCloseable {
  private final Deque<Resource> opened = new ArrayDeque<>();

  /** Something outside the Java heap. */
  interface Resource extends AutoCloseable {
    @Override
    void close();
  }

  <T extends Resource> T own(T resource) {
    opened.push(resource);
    return resource;
  }

  /** What was opened of a kind, the first first. */
  <T extends Resource> List<T> all(Class<T> kind) {
    List<T> all = new ArrayList<>();
    opened
        .descendingIterator()
        .forEachRemaining(
            resource -> {
              if (kind.isInstance(resource)) {
                all.add(kind.cast(resource));
              }
            });
    return all;
  }

  /** Closes everything, also when closing one of them fails. */
  @Override
  public void close() {
    RuntimeException failure = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
