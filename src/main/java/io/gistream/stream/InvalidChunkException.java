package io.gistream.stream;

/** A chunk that was decoded but breaks a rule; the message says which. */
public final class InvalidChunkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidChunkException(String message) {
    super(message);
  }
}
