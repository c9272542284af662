package io.gistream.serde;

import io.gistream.registry.RegisteredSchema;
import io.gistream.registry.RegistryException;
import io.gistream.registry.SchemaRegistry;
import io.gistream.registry.UnknownSchemaException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * The wire format that Confluent's serializers write: a zero byte, the id that the registry gave
 * the writer's schema (four bytes, big-endian), the record in binary encoding. Reads single-object
 * encoding too.
 */
public final class RegistryFormat<T extends SpecificRecord> implements ValueFormat<T> {
  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  private final AvroCodec<T> codec;
  private final SchemaRegistry registry;
  private final String subject;
  private final String schema;
  private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();

  /**
   * @param topic whose values these are
   */
  public RegistryFormat(AvroCodec<T> codec, SchemaRegistry registry, String topic) {
    this.codec = codec;
    this.registry = registry;
    this.subject = registry.subject(topic, codec.schema().getFullName());
    this.schema = codec.schema().toString();
  }

  @Override
  public void prepare() {
    id();
  }

  private int id() {
    try {
      return registry.id(subject, schema);
    } catch (RegistryException e) {
      throw new SchemaUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public byte[] encode(T record) {
    byte[] header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(id()).array();
    return codec.encode(header, record);
  }

  @Override
  public T decode(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != MAGIC) {
      return codec.decode(bytes);
    }
    if (bytes.length < HEADER_BYTES) {
      throw new UndecodableException(
          "not a %s: %d bytes, the header of the registry's wire format alone has %d"
              .formatted(codec.schema().getName(), bytes.length, HEADER_BYTES));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    in.get();
    return codec.decode(reader(in.getInt()), in);
  }

  private DatumReader<T> reader(int id) {
    DatumReader<T> known = readers.get(id);
    if (known == null) {
      known = codec.readerOf(written(id));
      readers.put(id, known);
    }
    return known;
  }

  private Schema written(int id) {
    RegisteredSchema registered;
    try {
      registered = registry.schema(id);
    } catch (RegistryException e) {
      throw new SchemaUnavailableException(String.valueOf(e.getMessage()), e);
    } catch (UnknownSchemaException e) {
      throw new UndecodableException(
          "not a %s this release can read: %s".formatted(codec.schema().getName(), e.getMessage()),
          e);
    }
    try {
      SchemaParser parser = new SchemaParser();
      for (String reference : registered.references()) {
        parser.parse(reference);
      }
      return parser.parse(registered.text()).mainSchema();
    } catch (AvroRuntimeException e) {
      throw new UndecodableException(
          "the schema with id %d in the schema registry cannot be read: %s"
              .formatted(id, e.getMessage()),
          e);
    }
  }
}
