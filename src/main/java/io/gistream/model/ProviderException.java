package io.gistream.model;

/** An execution provider that cannot be used on this machine: why, and what to do. */
public final class ProviderException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ProviderException(String message) {
    super(message);
  }

  ProviderException(String message, Throwable cause) {
    super(message, cause);
  }
}
