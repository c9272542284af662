package io.gistream.serde;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How a record stands on a topic. Equal records give equal bytes. Thread-safe. */
public interface ValueFormat<T extends SpecificRecord> {
  /**
   * The bytes of a record.
   *
   * @throws IllegalArgumentException when a field that must be set is null
   * @throws SchemaUnavailableException when the format needs a registry, which fails
   */
  byte[] encode(T record);

  /**
   * The record that the bytes hold, all of them.
   *
   * @throws UndecodableException when they hold none
   * @throws SchemaUnavailableException when the format needs a registry, which fails
   */
  T decode(byte[] bytes);

  /**
   * Sees to all that {@link #encode} needs from outside.
   *
   * @throws SchemaUnavailableException when it cannot be had
   */
  default void prepare() {}

  /** For Kafka. Null stays null, a tombstone. */
  @SuppressWarnings("NullAway") // tombstones; Kafka is not annotated
  default Serde<T> serde() {
    return Serdes.serdeFrom(
        (topic, record) -> record == null ? null : encode(record),
        (topic, bytes) -> bytes == null ? null : decode(bytes));
  }
}
