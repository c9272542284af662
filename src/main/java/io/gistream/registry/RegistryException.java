package io.gistream.registry;

import org.jspecify.annotations.Nullable;

/**
 * The registry did not do what it was asked for: it does not answer, lets nobody in, or refuses a
 * schema. Says nothing about the record that the question was about.
 */
public class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegistryException(String message) {
    super(message);
  }

  RegistryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
