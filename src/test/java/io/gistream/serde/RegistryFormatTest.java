package io.gistream.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.registry.FakeRegistry;
import io.gistream.registry.SchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The registry's wire format, and ours beside it. */
class RegistryFormatTest {
  private FakeRegistry fake;
  private RegistryFormat<TranscriptChunk> format;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeRegistry();
    format =
        new RegistryFormat<>(
            AvroCodec.chunk(), new SchemaRegistry(fake.options()), "gistream.chunks");
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private static byte[] wire(int id, Schema schema, GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  @Test
  void whatIsWrittenIsReadByAnyoneWithTheRegistrysSchema() throws IOException {
    fake.add("something else", "\"string\"");
    RegistryFormat<RollingSummary> summaries =
        new RegistryFormat<>(AvroCodec.summary(), new SchemaRegistry(fake.options()), "out");
    RollingSummary summary = Samples.summaries().get(0);
    byte[] bytes = summaries.encode(summary);
    assertThat(bytes).startsWith(0, 0, 0, 0, 2);
    assertThat(fake.subjects()).containsKey("out-value");

    Schema schema = AvroCodec.summary().schema();
    assertThat(schema.toString()).doesNotContain("avro.java.string");
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    assertThat(read.get("text").toString()).isEqualTo(summary.getText());
    assertThat(summaries.decode(bytes)).isEqualTo(summary);
    assertThat(summaries.encode(summary)).isEqualTo(bytes);
  }

  @Test
  void bothEncodingsAreRead() {
    TranscriptChunk chunk = Samples.chunk();
    assertThat(format.decode(AvroCodec.chunk().encode(chunk))).isEqualTo(chunk);
    assertThat(format.decode(format.encode(chunk))).isEqualTo(chunk);
  }

  @Test
  void theSchemaOfAnotherWriterIsResolvedWithOurs() throws IOException {
    Schema theirs =
        SchemaBuilder.record("TranscriptChunk")
            .namespace("com.acme.calls")
            .fields()
            .requiredString("text")
            .requiredString("room")
            .requiredInt("sequence")
            .requiredString("streamId")
            .endRecord();
    int id = fake.add("gistream.chunks-value", theirs.toString());
    GenericRecord record = new GenericData.Record(theirs);
    record.put("text", "We ship.");
    record.put("room", "4");
    record.put("sequence", 3);
    record.put("streamId", "talk");
    TranscriptChunk read = format.decode(wire(id, theirs, record));
    assertThat(read.getText()).isEqualTo("We ship.");
    assertThat(read.getSequence()).isEqualTo(3);
    assertThat(read.getEndOfStream()).isFalse();
  }

  @Test
  void whatTheRegistryDoesNotKnowOrDoesNotFitIsUndecodable() throws IOException {
    byte[] chunk = format.encode(Samples.chunk());
    byte[] unknown = chunk.clone();
    unknown[4] = 99;
    assertUndecodable(unknown, "no schema with id 99");
    assertUndecodable(new byte[] {0, 0, 0}, "3 bytes");
    assertUndecodable(new byte[0], "0 bytes");
    int text = fake.add("text-value", "\"string\"");
    assertUndecodable(new byte[] {0, 0, 0, 0, (byte) text, 2, 'a'}, "not a TranscriptChunk");
    int broken = fake.add("broken-value", "{\"type\":\"record\"}");
    assertUndecodable(new byte[] {0, 0, 0, 0, (byte) broken, 2}, "cannot be read");
    byte[] longer = java.util.Arrays.copyOf(chunk, chunk.length + 1);
    assertUndecodable(longer, "behind the end");
    for (int length = 0; length < chunk.length; length++) {
      assertUndecodable(java.util.Arrays.copyOf(chunk, length), "");
    }
    assertUndecodable("{\"text\":\"hi\"}".getBytes(UTF_8), "JSON?");
  }

  @Test
  void aRegistryThatIsDownSaysNothingAboutTheRecord() {
    byte[] chunk = format.encode(Samples.chunk());
    fake.always(503);
    RegistryFormat<TranscriptChunk> other =
        new RegistryFormat<>(
            AvroCodec.chunk(), new SchemaRegistry(fake.options()), "gistream.chunks");
    assertThatThrownBy(() -> other.decode(chunk)).isInstanceOf(SchemaUnavailableException.class);
    assertThatThrownBy(other::prepare).isInstanceOf(SchemaUnavailableException.class);
    assertThat(format.decode(chunk)).as("known before").isEqualTo(Samples.chunk());
    fake.always(200);
    assertThat(other.decode(chunk)).isEqualTo(Samples.chunk());
  }

  private void assertUndecodable(byte[] bytes, String why) {
    assertThatThrownBy(() -> format.decode(bytes))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining(why);
  }
}
