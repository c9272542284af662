package io.gistream.serde;

import io.gistream.avro.Checkpoint;
import io.gistream.avro.HeardChunk;
import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.avro.TranscriptChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * A record as <a
 * href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro
 * single-object encoding</a>: the bytes C3 01, the fingerprint of the writer's schema (CRC-64-AVRO,
 * little-endian), the record in binary encoding.
 *
 * <p>Equal records give equal bytes: map entries are written in the order of their keys. Records
 * written by earlier releases are read with the schemas stored under {@code schemas/history}.
 * Thread-safe.
 */
public final class AvroCodec<T extends SpecificRecord> implements ValueFormat<T> {
  private static final byte[] MAGIC = {(byte) 0xC3, 0x01};
  private static final int HEADER_BYTES = MAGIC.length + Long.BYTES;

  private static final AvroCodec<TranscriptChunk> CHUNK =
      new AvroCodec<>(SchemaHistory.of(TranscriptChunk.getClassSchema()));
  private static final AvroCodec<RollingSummary> SUMMARY =
      new AvroCodec<>(SchemaHistory.of(RollingSummary.getClassSchema()));
  private static final AvroCodec<SessionState> SESSION =
      new AvroCodec<>(SchemaHistory.of(SessionState.getClassSchema()));
  private static final AvroCodec<Checkpoint> CHECKPOINT =
      new AvroCodec<>(SchemaHistory.of(Checkpoint.getClassSchema()));
  private static final AvroCodec<HeardChunk> HEARD_CHUNK =
      new AvroCodec<>(SchemaHistory.of(HeardChunk.getClassSchema()));
  private static final AvroCodec<InboxEntry> INBOX_ENTRY =
      new AvroCodec<>(SchemaHistory.of(InboxEntry.getClassSchema()));

  private final SchemaHistory history;
  private final long fingerprint;
  private final DatumWriter<T> writer;
  private final Map<Long, DatumReader<T>> readers = new LinkedHashMap<>();

  AvroCodec(SchemaHistory history) {
    this.history = history;
    this.fingerprint = SchemaHistory.fingerprint(history.current());
    this.writer = new SortedWriter<>(history.current());
    history.byFingerprint().forEach((print, written) -> readers.put(print, readerOf(written)));
  }

  public static AvroCodec<TranscriptChunk> chunk() {
    return CHUNK;
  }

  public static AvroCodec<RollingSummary> summary() {
    return SUMMARY;
  }

  public static AvroCodec<SessionState> session() {
    return SESSION;
  }

  public static AvroCodec<Checkpoint> checkpoint() {
    return CHECKPOINT;
  }

  public static AvroCodec<HeardChunk> heardChunk() {
    return HEARD_CHUNK;
  }

  public static AvroCodec<InboxEntry> inboxEntry() {
    return INBOX_ENTRY;
  }

  /** Whether bytes begin as single-object encoding does. */
  public static boolean isSingleObject(byte[] bytes) {
    return bytes.length >= MAGIC.length && bytes[0] == MAGIC[0] && bytes[1] == MAGIC[1];
  }

  SchemaHistory history() {
    return history;
  }

  /**
   * The schema that this release writes with, complete in itself and as {@code schemas/history} has
   * it: without hints for Java.
   */
  public Schema schema() {
    return history.latest();
  }

  @Override
  public byte[] encode(T record) {
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .putLong(fingerprint)
            .array();
    return encode(header, record);
  }

  /** The record in binary encoding, behind the bytes of a header. */
  byte[] encode(byte[] header, T record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes(header);
    try {
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      writer.write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AvroRuntimeException | NullPointerException | ClassCastException e) {
      throw new IllegalArgumentException(
          "not a complete " + history.current().getName() + ": " + e.getMessage(), e);
    }
    return out.toByteArray();
  }

  @Override
  public T decode(byte[] bytes) {
    String name = history.current().getName();
    if (bytes.length < HEADER_BYTES) {
      throw new UndecodableException(
          "not a %s: %d bytes, the header alone has %d%s"
              .formatted(name, bytes.length, HEADER_BYTES, guess(bytes)));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.get() != MAGIC[0] || in.get() != MAGIC[1]) {
      throw new UndecodableException(
          "not a %s: begins with %02x %02x, Avro single-object encoding with c3 01%s"
              .formatted(name, bytes[0], bytes[1], guess(bytes)));
    }
    long written = in.getLong();
    DatumReader<T> reader = readers.get(written);
    if (reader == null) {
      throw new UndecodableException(
          "not a %s this release can read: schema fingerprint %s, known are %s"
              .formatted(name, SchemaHistory.hex(written), history.describe()));
    }
    return decode(reader, in);
  }

  /** A reader of records that another schema wrote. */
  DatumReader<T> readerOf(Schema written) {
    return new SpecificDatumReader<>(written, history.current(), GistreamData.INSTANCE);
  }

  /** The record in binary encoding between the buffer's position and limit. */
  @SuppressWarnings("NullAway") // null: no record to reuse; Avro is not annotated
  T decode(DatumReader<T> reader, ByteBuffer in) {
    BoundedDecoder body = new BoundedDecoder(in);
    String name = history.current().getName();
    T record;
    try {
      record = reader.read(null, body);
    } catch (UndecodableException e) {
      throw new UndecodableException("not a " + name + ": " + e.getMessage(), e.getCause());
    } catch (IOException | RuntimeException e) {
      // Avro meets a union branch or an enum symbol that does not exist in more ways than one
      throw new UndecodableException("not a " + name + ": " + e.getMessage(), e);
    }
    if (body.remaining() > 0) {
      throw new UndecodableException(
          "not a %s: %d bytes behind the end of the record".formatted(name, body.remaining()));
    }
    return record;
  }

  /** What wrong bytes look like, for the person who set up the producer. */
  private static String guess(byte[] bytes) {
    if (bytes.length == 0) {
      return "";
    }
    return switch (bytes[0]) {
      case 0 -> " (a schema registry's wire format? set schema-registry.url)";
      case '{', '[', '"' -> " (JSON?)";
      default -> "";
    };
  }

  /** Writes map entries in the order of their keys. */
  private static final class SortedWriter<T> extends SpecificDatumWriter<T> {
    SortedWriter(Schema schema) {
      super(schema, GistreamData.INSTANCE);
    }

    @Override
    protected Iterable<Map.Entry<Object, Object>> getMapEntries(Object map) {
      return new TreeMap<Object, Object>((Map<?, ?>) map).entrySet();
    }
  }
}
