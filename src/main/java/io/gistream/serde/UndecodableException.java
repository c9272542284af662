package io.gistream.serde;

import org.jspecify.annotations.Nullable;

/** Bytes that are not an encoding of the record asked for; the message says why. */
public final class UndecodableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UndecodableException(String reason) {
    super(reason);
  }

  UndecodableException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
