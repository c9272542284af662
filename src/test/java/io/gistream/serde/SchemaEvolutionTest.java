package io.gistream.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written by an earlier release can be read by this one, whichever that was. */
class SchemaEvolutionTest {

  static Stream<AvroCodec<? extends SpecificRecord>> codecs() {
    return Stream.of(
        AvroCodec.chunk(),
        AvroCodec.summary(),
        AvroCodec.session(),
        AvroCodec.checkpoint(),
        AvroCodec.heardChunk(),
        AvroCodec.inboxEntry());
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void theCurrentSchemaIsStoredAsTheLatestVersion(AvroCodec<?> codec) throws IOException {
    SchemaHistory history = codec.history();
    String text = withoutJavaHints(history.current());
    Schema current = new SchemaParser().parse(text).mainSchema();
    List<Schema> stored = history.stored();
    if (stored.isEmpty() || !stored.get(stored.size() - 1).equals(current)) {
      String name = "%s.v%d.avsc".formatted(current.getName(), stored.size() + 1);
      Path written = write(name, (current.toString(true) + "\n").getBytes("UTF-8"));
      fail(
          "schemas/ changed %s, and records written before must stay readable.%n"
              + "If the change is meant: cp %s schemas/history/%s, and add to Samples a record as"
              + " the new version reads it.%n"
              + "A latest version that no release ever wrote may be replaced by it instead.",
          current.getName(), written, name);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void everyStoredVersionIsCompatibleWithTheCurrentSchema(AvroCodec<?> codec) {
    SchemaHistory history = codec.history();
    assertThat(history.stored()).isNotEmpty();
    for (Schema written : history.stored()) {
      var compatibility =
          SchemaCompatibility.checkReaderWriterCompatibility(history.current(), written);
      assertThat(compatibility.getType())
          .as(compatibility.getDescription())
          .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  <T extends SpecificRecord> void bytesOfEveryVersionAreReadAsTheyWereMeant(AvroCodec<T> codec)
      throws IOException {
    SchemaHistory history = codec.history();
    String record = history.current().getName();
    @SuppressWarnings("unchecked")
    List<T> samples = (List<T>) Samples.of(record);
    int versions = history.stored().size();
    assertThat(samples).as("samples of %s, one per stored version", record).hasSize(versions);
    for (int version = 1; version <= versions; version++) {
      String name = "%s.v%d.bin".formatted(record, version);
      T sample = samples.get(version - 1);
      byte[] bytes = resource("/avro/" + name);
      if (version == versions && !Arrays.equals(bytes, codec.encode(sample))) {
        Path written = write(name, codec.encode(sample));
        fail("the stored bytes are not this version's: cp %s src/test/resources/avro/", written);
      }
      assertThat(codec.decode(bytes)).as(name).isEqualTo(sample);
    }
  }

  @Test
  void aFieldThatAnEarlierVersionLackedHasItsDefault() throws IOException {
    Schema first =
        new SchemaParser()
            .parse(
                """
                {"type": "record", "name": "TranscriptChunk", "namespace": "io.gistream.avro",
                 "fields": [
                  {"name": "streamId", "type": "string"},
                  {"name": "room", "type": "string"},
                  {"name": "sequence", "type": "int"},
                  {"name": "text", "type": "string"}
                ]}
                """)
            .mainSchema();
    AvroCodec<TranscriptChunk> codec =
        new AvroCodec<>(new SchemaHistory(TranscriptChunk.getClassSchema(), List.of(first)));
    GenericRecord old =
        new GenericRecordBuilder(first)
            .set("streamId", "talk")
            .set("room", "dropped since")
            .set("sequence", 3)
            .set("text", "Hello.")
            .build();

    assertThat(codec.decode(singleObject(old)))
        .isEqualTo(
            new TranscriptChunk(
                "talk", 3L, "Hello.", null, null, null, ChunkStatus.CONFIRMED, false, Map.of()));
  }

  @Test
  void fieldsDroppedSinceAreSkippedHoweverTheirBlocksAreWritten() throws IOException {
    Schema first =
        new SchemaParser()
            .parse(
                """
                {"type": "record", "name": "TranscriptChunk", "namespace": "io.gistream.avro",
                 "fields": [
                  {"name": "words", "type": {"type": "array", "items": "string"}},
                  {"name": "weights", "type": {"type": "map", "values": "double"}},
                  {"name": "audio", "type": "bytes"},
                  {"name": "digest", "type": {"type": "fixed", "name": "Digest", "size": 4}},
                  {"name": "streamId", "type": "string"},
                  {"name": "sequence", "type": "int"},
                  {"name": "text", "type": "string"},
                  {"name": "attributes", "type": {"type": "map", "values": "string"}}
                ]}
                """)
            .mainSchema();
    AvroCodec<TranscriptChunk> codec =
        new AvroCodec<>(new SchemaHistory(TranscriptChunk.getClassSchema(), List.of(first)));
    GenericRecord old =
        new GenericRecordBuilder(first)
            .set("words", List.of("a", "b".repeat(200)))
            .set("weights", Map.of("x", 1.0, "y", 2.0))
            .set("audio", ByteBuffer.allocate(300))
            .set("digest", new GenericData.Fixed(first.getField("digest").schema(), new byte[4]))
            .set("streamId", "talk")
            .set("sequence", 3)
            .set("text", "Hello.")
            .set("attributes", Map.of("k", "v".repeat(200), "l", "w"))
            .build();

    byte[] plain = singleObject(old, EncoderFactory.get()::binaryEncoder);
    byte[] sized =
        singleObject(
            old,
            (out, reuse) ->
                new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, reuse));

    assertThat(sized).isNotEqualTo(plain);
    assertThat(codec.decode(plain).getText()).isEqualTo("Hello.");
    assertThat(codec.decode(plain).getAttributes())
        .isEqualTo(Map.of("k", "v".repeat(200), "l", "w"));
    assertThat(codec.decode(sized)).isEqualTo(codec.decode(plain));
  }

  @Test
  void aStatusThatALaterReleaseAddedIsReadAsTheDefault() throws IOException {
    String later =
        withoutJavaHints(TranscriptChunk.getClassSchema())
            .replace("\"CONFIRMED\"]", "\"CONFIRMED\",\"RETRACTED\"]");
    Schema written = new SchemaParser().parse(later).mainSchema();
    AvroCodec<TranscriptChunk> codec =
        new AvroCodec<>(new SchemaHistory(TranscriptChunk.getClassSchema(), List.of(written)));
    Schema status = written.getField("status").schema();
    GenericRecord chunk =
        new GenericRecordBuilder(written)
            .set("streamId", "talk")
            .set("sequence", 3L)
            .set("text", "Hello.")
            .set("status", new GenericData.EnumSymbol(status, "RETRACTED"))
            .build();

    assertThat(codec.decode(singleObject(chunk)).getStatus()).isEqualTo(ChunkStatus.CONFIRMED);
  }

  private static byte[] singleObject(GenericRecord record) throws IOException {
    return singleObject(record, EncoderFactory.get()::binaryEncoder);
  }

  private static byte[] singleObject(
      GenericRecord record,
      BiFunction<OutputStream, @Nullable BinaryEncoder, BinaryEncoder> factory)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0xC3);
    out.write(0x01);
    out.write(
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(SchemaHistory.fingerprint(record.getSchema()))
            .array());
    BinaryEncoder encoder = factory.apply(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** The schema without what the Java compiler of Avro adds to it. */
  private static String withoutJavaHints(Schema schema) {
    return schema
        .toString()
        .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
        .replace(",\"avro.java.string\":\"String\"", "");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = SchemaEvolutionTest.class.getResourceAsStream(name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  private static Path write(String name, byte[] bytes) throws IOException {
    Path file = Path.of("target", "schemas", name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }
}
