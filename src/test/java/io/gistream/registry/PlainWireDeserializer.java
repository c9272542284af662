package io.gistream.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A registry's wire format as JSON text, with nothing of ours: for Kafka's console consumer, which
 * prints what a deserializer returns.
 */
public final class PlainWireDeserializer implements Deserializer<Object> {
  private String url = "";

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    url = String.valueOf(configs.get("schema.registry.url"));
  }

  @Override
  public Object deserialize(String topic, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.get() != 0) {
      throw new IllegalArgumentException("not the wire format");
    }
    try (InputStream answer =
        URI.create(url + "/schemas/ids/" + in.getInt()).toURL().openStream()) {
      String text =
          new com.fasterxml.jackson.databind.json.JsonMapper()
              .readTree(answer)
              .get("schema")
              .asText();
      Schema schema = new SchemaParser().parse(text).mainSchema();
      return new GenericDatumReader<>(schema)
          .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
