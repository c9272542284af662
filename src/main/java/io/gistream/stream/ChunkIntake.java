package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.EntryHeader;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import io.gistream.session.ChunkRules;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a record of the chunks topic holds: the same answer for the processor and for a replay that
 * checks it.
 */
public final class ChunkIntake {
  /** Largest record that is kept with its headers: what a topic takes unless told otherwise. */
  static final long MAX_RECORD_BYTES = 1 << 20;

  private final ChunkDecoder decoder;
  private final ChunkRules rules;
  private final AvroCodec<TranscriptChunk> codec = AvroCodec.chunk();

  /**
   * @param maxCharacters of a chunk's text
   */
  public ChunkIntake(ChunkDecoder decoder, int maxCharacters) {
    this.decoder = decoder;
    this.rules = new ChunkRules(maxCharacters);
  }

  /** See {@link ChunkDecoder#keepsRejected}. */
  boolean keepsRejected() {
    return decoder.keepsRejected();
  }

  /**
   * A record as it came.
   *
   * @param timestamp milliseconds since the epoch, see {@link #eventTime}
   */
  public record Arrival(
      String topic,
      int partition,
      long offset,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {}

  /**
   * What was made of a record.
   *
   * @param chunk to be offered to its stream; null when it belongs to none
   * @param erasure of the stream it names, to be done behind the chunks before it; null when the
   *     record asks for none
   * @param problem why the record goes to the dead letters; null when it does not
   */
  public record Taken(
      @Nullable QueuedChunk chunk,
      @Nullable QueuedChunk erasure,
      @Nullable RuntimeException problem) {

    /** The stream to forget; null when it is none. */
    public @Nullable String erased() {
      return erasure == null ? null : erasure.chunk().getStreamId();
    }
  }

  /**
   * The time of a record: its timestamp, or that of the partition when it has none, so that none
   * stops the stream.
   *
   * @param partitionTime highest time of the records before it, negative when there is none
   */
  public static long eventTime(long timestamp, long partitionTime) {
    return timestamp >= 0 ? timestamp : Math.max(0, partitionTime);
  }

  /**
   * Decodes and checks a record. A null value erases the stream of its key, as it does in any topic
   * that is compacted: all that is kept of it, chunks that wait for others, and its summary.
   */
  public Taken take(Arrival arrival) {
    QueuedChunk chunk;
    Optional<String> unreadable;
    try {
      if (arrival.key() != null && arrival.value() == null) {
        return new Taken(null, erasure(arrival, arrival.key()), null);
      }
      chunk = decode(arrival);
      unreadable =
          rules
              .unreadable(chunk.chunk())
              .or(() -> tooLarge(arrival))
              .or(() -> tooLarge(chunk.entry()));
    } catch (RetriableException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Taken(null, null, e);
    }
    // the place of an unreadable one in the order is known: those behind it need not wait
    return unreadable
        .map(why -> new Taken(chunk.withoutText(), null, new InvalidChunkException(why)))
        .orElseGet(() -> new Taken(chunk, null, null));
  }

  private static QueuedChunk erasure(Arrival arrival, byte[] key) {
    String streamId = String.valueOf(text(key));
    Optional<String> notAnId = ChunkRules.notAnId(streamId);
    if (notAnId.isPresent()) {
      throw new InvalidChunkException(
          "a null value erases the stream of its key, but no stream has this one: "
              + notAnId.get());
    }
    return QueuedChunk.erasure(arrival, key, streamId);
  }

  private QueuedChunk decode(Arrival arrival) {
    byte[] value = arrival.value();
    if (value == null) {
      throw new InvalidChunkException("the record has no value");
    }
    byte[] key = arrival.key();
    TranscriptChunk chunk = decoder.decode(key, value, arrival.headers());
    Optional<String> misaddressed = rules.misaddressed(text(key), chunk);
    if (key == null || misaddressed.isPresent()) {
      throw new InvalidChunkException(misaddressed.orElseThrow());
    }
    byte[] encoded = codec.encode(chunk);
    byte[] kept = decoder.keepsValues() ? value : encoded;
    return new QueuedChunk(entry(arrival, key, kept, encoded), chunk);
  }

  private static Optional<String> tooLarge(Arrival arrival) {
    long size = OutputHeaders.size(arrival.key(), arrival.value(), arrival.headers());
    return size <= MAX_RECORD_BYTES
        ? Optional.empty()
        : Optional.of("the record has %d bytes, limit %d".formatted(size, MAX_RECORD_BYTES));
  }

  /** A decoder may make much of a small record. */
  private static Optional<String> tooLarge(InboxEntry entry) {
    ByteBuffer decoded = entry.getChunk() == null ? entry.getValue() : entry.getChunk();
    return decoded.remaining() <= MAX_RECORD_BYTES
        ? Optional.empty()
        : Optional.of(
            "the chunk decoded from the record has %d bytes, limit %d"
                .formatted(decoded.remaining(), MAX_RECORD_BYTES));
  }

  private static @Nullable String text(byte @Nullable [] key) {
    if (key == null) {
      return null;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidChunkException("the record key is not UTF-8; the key is the stream id");
    }
  }

  private static InboxEntry entry(Arrival arrival, byte[] key, byte[] value, byte[] encoded) {
    List<EntryHeader> headers = new ArrayList<>();
    for (Header header : arrival.headers()) {
      byte[] content = header.value();
      headers.add(new EntryHeader(header.key(), content == null ? null : ByteBuffer.wrap(content)));
    }
    boolean ours = Arrays.equals(encoded, value);
    return new InboxEntry(
        arrival.topic(),
        arrival.partition(),
        arrival.offset(),
        arrival.timestamp(),
        headers,
        ByteBuffer.wrap(key),
        ByteBuffer.wrap(value),
        ours ? null : ByteBuffer.wrap(encoded),
        false,
        false);
  }
}
