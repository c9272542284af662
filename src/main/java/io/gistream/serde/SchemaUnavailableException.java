package io.gistream.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema of a record cannot be had now. Whether the record is good or bad is not known, so it
 * is not for the dead letters: what was begun has to be begun again.
 */
public final class SchemaUnavailableException extends RetriableException {
  private static final long serialVersionUID = 1L;

  SchemaUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
