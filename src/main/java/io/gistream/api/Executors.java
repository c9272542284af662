package io.gistream.api;

/** Names of the thread pools beside Micronaut's own, which reads the state stores. */
final class Executors {
  /** For those who wait for Kafka to take something. */
  static final String WRITES = "writes";

  /** For those who begin to listen, and may have to wait for what they missed. */
  static final String EVENTS = "events";

  /** For those whose token is looked at, which may have to wait for the provider's keys. */
  static final String TOKENS = "tokens";

  private Executors() {}
}
