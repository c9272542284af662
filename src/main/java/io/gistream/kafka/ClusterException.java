package io.gistream.kafka;

import org.jspecify.annotations.Nullable;

/** The Kafka cluster cannot be reached, or refuses; the message is one line, for people. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
