package io.gistream.feed;

/** A place in a topic. */
public record Position(int partition, long offset) {
  Position next() {
    return new Position(partition, offset + 1);
  }
}
