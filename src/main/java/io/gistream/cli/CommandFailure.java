package io.gistream.cli;

/**
 * A command cannot go on for a reason the user can do something about: shown as one line, without a
 * stack trace.
 */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
