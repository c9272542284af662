package io.gistream.stream;

/**
 * The stores hold the state of another model than the one that is loaded; the message names both.
 */
public final class StateOfAnotherModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StateOfAnotherModelException(String message) {
    super(message);
  }
}
