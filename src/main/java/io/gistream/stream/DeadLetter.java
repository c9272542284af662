package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record of the dead letters topic, its headers told apart: those that it came with, and those
 * that say what went wrong (KIP-1034).
 *
 * @param timestamp of the original record, milliseconds since the epoch
 * @param headers those that the original record came with
 * @param source where the original record is or was; null when the headers do not say
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DeadLetter(
    Position position,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    @Nullable Position source,
    String reason,
    String exception,
    String stackTrace,
    Optional<String> omitted) {
  /** Names the dead letter that a record on the chunks topic was put back from. */
  public static final String REQUEUED = "gistream-requeued";

  /** Where a record is. */
  public record Position(String topic, int partition, long offset) {
    /** As it stands in {@link #REQUEUED}. */
    @Override
    public String toString() {
      return topic + "-" + partition + "-" + offset;
    }
  }

  public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
    Headers original = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!OutputHeaders.isOfDeadLetter(header.key()) && !header.key().equals(REQUEUED)) {
        original.add(header);
      }
    }
    return new DeadLetter(
        new Position(record.topic(), record.partition(), record.offset()),
        record.timestamp(),
        record.key(),
        record.value(),
        original,
        source(record.headers()),
        error(record.headers(), "message"),
        error(record.headers(), "exception"),
        error(record.headers(), "stacktrace"),
        omitted(record.headers()));
  }

  /**
   * The original record, to be put back on the topic it came from, where it was in the order of its
   * partition.
   *
   * @param chunksTopic where to when the headers do not say
   * @throws IllegalStateException when part of it was {@linkplain #omitted left out}
   */
  @SuppressWarnings("NullAway") // Kafka takes null keys and values
  public ProducerRecord<byte[], byte[]> requeued(String chunksTopic) {
    if (omitted.isPresent()) {
      throw new IllegalStateException(
          "dead letter %s has not all of its record: %s".formatted(position, omitted.get()));
    }
    Headers back = new RecordHeaders(headers);
    back.add(REQUEUED, position.toString().getBytes(UTF_8));
    return new ProducerRecord<>(
        source == null ? chunksTopic : source.topic(),
        source == null ? null : source.partition(),
        timestamp,
        key,
        value,
        back);
  }

  private static @Nullable Position source(Headers headers) {
    String topic = error(headers, "topic");
    try {
      return topic.isEmpty()
          ? null
          : new Position(
              topic,
              Integer.parseInt(error(headers, "partition")),
              Long.parseLong(error(headers, "offset")));
    } catch (NumberFormatException e) {
      return null; // not written by us
    }
  }

  private static Optional<String> omitted(Headers headers) {
    StringBuilder omitted = new StringBuilder();
    for (String part :
        new String[] {
          DeadLetterRecord.OMITTED_VALUE,
          DeadLetterRecord.OMITTED_HEADERS,
          DeadLetterRecord.OMITTED_KEY
        }) {
      String bytes = text(headers, part);
      if (!bytes.isEmpty()) {
        omitted.append(omitted.isEmpty() ? "" : ", ").append(part).append(' ').append(bytes);
      }
    }
    return omitted.isEmpty() ? Optional.empty() : Optional.of(omitted.toString());
  }

  private static String error(Headers headers, String name) {
    return text(headers, OutputHeaders.ERRORS + name);
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }
}
