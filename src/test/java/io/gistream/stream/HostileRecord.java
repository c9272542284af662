package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.fuzz.Damage;
import io.gistream.serde.AvroCodec;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as nobody should send it. Numbers and times are relative, so that a sequence of records
 * means the same when others before them are left out.
 */
record HostileRecord(String stream, Place place, Content content, Wrapping wrapping, Clock clock) {

  /**
   * Which sequence number the chunk has.
   *
   * @param number from the one that would be next
   * @param goesOn whether the one after it is next then
   */
  record Place(String what, LongUnaryOperator number, boolean goesOn, boolean draft, boolean end) {
    @Override
    public String toString() {
      return what + (draft ? ", draft" : "") + (end ? ", end" : "");
    }
  }

  record Content(
      String text,
      @Nullable String speaker,
      @Nullable Long start,
      @Nullable Long end,
      Map<String, String> attributes) {
    @Override
    public String toString() {
      return "'%s' by '%s' from %s to %s, %d attributes"
          .formatted(shortened(text), shortened(speaker), start, end, attributes.size());
    }
  }

  /**
   * @param key in place of the stream's, if any
   * @param damage to the value
   * @param empty whether there is no value, which erases the stream of the key
   */
  record Wrapping(@Nullable Key key, Damage damage, boolean empty, Baggage headers) {}

  /** A record key that may be null. */
  record Key(byte @Nullable [] bytes) {
    @Override
    public String toString() {
      return bytes == null ? "null" : "'" + shortened(new String(bytes, UTF_8)) + "'";
    }
  }

  interface Packing {
    void into(Headers headers);
  }

  record Baggage(String what, Packing packing) {
    @Override
    public String toString() {
      return what;
    }
  }

  /** What the producer's clock shows. */
  record Clock(String what, ToLongFunction<Instant> millis) {
    @Override
    public String toString() {
      return what;
    }
  }

  /**
   * The record to send.
   *
   * @param next sequence numbers by stream, kept up to date
   */
  TestRecord<byte[], byte[]> toRecord(Map<String, Long> next, Instant now) {
    byte[] value = null;
    if (wrapping.empty()) {
      next.remove(stream);
    } else {
      value = wrapping.damage().of(AvroCodec.chunk().encode(chunk(next)));
    }
    byte[] key = wrapping.key() == null ? stream.getBytes(UTF_8) : wrapping.key().bytes();
    Headers headers = new RecordHeaders();
    wrapping.headers().packing().into(headers);
    return new TestRecord<>(key, value, headers, clock.millis().applyAsLong(now));
  }

  private TranscriptChunk chunk(Map<String, Long> next) {
    long number = place.number().applyAsLong(next.getOrDefault(stream, 0L));
    if (place.goesOn()) {
      next.put(stream, number + 1);
    }
    return new TranscriptChunk(
        stream,
        number,
        content.text(),
        content.speaker(),
        content.start(),
        content.end(),
        place.draft() ? ChunkStatus.DRAFT : ChunkStatus.CONFIRMED,
        place.end(),
        content.attributes());
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= 60
        ? text
        : text.substring(0, 50) + "... (" + text.length() + " characters)";
  }
}
