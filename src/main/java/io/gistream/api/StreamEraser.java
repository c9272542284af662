package io.gistream.api;

import io.gistream.stream.LiveStreams.NotReadyException;

/** Has streams forgotten. */
public interface StreamEraser {
  /**
   * Asks for a stream to be erased. Returns once the request is on the chunks topic for good; it is
   * carried out when its turn comes, by the instance that has the stream.
   *
   * @throws IllegalArgumentException when no stream can have this id
   * @throws NotReadyException when Kafka does not take the request
   */
  void erase(String streamId);
}
