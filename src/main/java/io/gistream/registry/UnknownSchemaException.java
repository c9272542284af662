package io.gistream.registry;

/** The registry answers, and has no Avro schema with this id. */
public final class UnknownSchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownSchemaException(String message) {
    super(message);
  }
}
