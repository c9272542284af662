package io.gistream.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;

class AvroCodecTest {
  private static final int HEADER = 10;

  private final AvroCodec<TranscriptChunk> codec = AvroCodec.chunk();

  @Test
  void everyRecordComesBackAsItWas() {
    for (TranscriptChunk chunk : Samples.chunks()) {
      assertThat(codec.decode(codec.encode(chunk))).isEqualTo(chunk);
    }
    Samples.summaries()
        .forEach(
            summary ->
                assertThat(AvroCodec.summary().decode(AvroCodec.summary().encode(summary)))
                    .isEqualTo(summary));
    Samples.sessions()
        .forEach(
            session ->
                assertThat(AvroCodec.session().decode(AvroCodec.session().encode(session)))
                    .isEqualTo(session));
  }

  @Test
  void avrosOwnDecoderReadsTheBytes() throws Exception {
    BinaryMessageDecoder<TranscriptChunk> avro = TranscriptChunk.getDecoder();
    assertThat(avro.decode(codec.encode(Samples.chunk()))).isEqualTo(Samples.chunk());
  }

  @Test
  void bytesWrittenByAvroItselfAreRead() throws Exception {
    ByteBuffer buffer = TranscriptChunk.getEncoder().encode(Samples.chunk());
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    assertThat(codec.decode(bytes)).isEqualTo(Samples.chunk());
  }

  @Test
  void equalRecordsGiveEqualBytesWhateverTheOrderOfTheirMaps() {
    Map<String, String> up = new LinkedHashMap<>();
    Map<String, String> down = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      up.put("key" + i, "v");
      down.put("key" + (99 - i), "v");
    }
    assertThat(codec.encode(chunk(up))).isEqualTo(codec.encode(chunk(down)));
    assertThat(codec.decode(codec.encode(chunk(up))).getAttributes()).isEqualTo(up);
  }

  @Test
  void noSystemPropertyOfAvroIsNeeded() {
    var before = ClassSecurityValidator.getGlobal();
    ClassSecurityValidator.setGlobal(c -> false);
    try {
      byte[] session = AvroCodec.session().encode(Samples.sessions().get(0));
      assertThat(AvroCodec.session().decode(session)).isEqualTo(Samples.sessions().get(0));
      assertThat(codec.decode(codec.encode(Samples.chunk()))).isEqualTo(Samples.chunk());
    } finally {
      ClassSecurityValidator.setGlobal(before);
    }
  }

  @Test
  void aRecordWithoutARequiredFieldIsRefused() {
    assertThatThrownBy(
            () ->
                codec.encode(
                    new TranscriptChunk(
                        "talk",
                        1L,
                        null,
                        null,
                        null,
                        null,
                        ChunkStatus.CONFIRMED,
                        false,
                        Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a complete TranscriptChunk")
        .hasMessageContaining("text");
  }

  @Test
  void everyWayToBeWrongHasItsReason() {
    byte[] good = codec.encode(Samples.chunk());

    refused(new byte[0], "not a TranscriptChunk: 0 bytes, the header alone has 10");
    refused(Arrays.copyOf(good, 9), "9 bytes");
    refused(utf8("{\"streamId\":\"talk\"}"), "begins with 7b 22", "c3 01", "JSON?");
    refused(new byte[] {0, 0, 0, 0, 7, 2, 2, 2, 2, 2, 2}, "begins with 00 00", "schema registry");

    byte[] foreign = good.clone();
    foreign[2] ^= 1;
    refused(
        foreign,
        "schema fingerprint 0x",
        SchemaHistory.hex(SchemaHistory.fingerprint(TranscriptChunk.getClassSchema())));

    refused(AvroCodec.summary().encode(Samples.summaries().get(0)), "schema fingerprint");
    refused(Arrays.copyOf(good, good.length + 3), "3 bytes behind the end");
    refused(body("02 61"), "truncated: 1 bytes wanted at byte 12, 0 are left");
    refused(body("04 c3 28"), "byte 10: a string that is not UTF-8");
    refused(body("01"), "byte 10: a string of -1 bytes");
    // the speaker is in neither branch of its union
    refused(body("00 00 00 0e"), "Union branch index out of range", "7");
    // and the status is no symbol
    refused(body("00 00 00 00 00 00 0e 00 00"), "Enum");
    refused(body("00 00 00 00 00 00 02 07 00"), "7 is not a boolean");
    refused(body("ff ff ff ff ff ff ff ff ff ff 01"), "a number of more than 10 bytes");
  }

  @Test
  void aRecordCutAnywhereIsRefused() {
    byte[] good = AvroCodec.session().encode(Samples.sessions().get(0));
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> AvroCodec.session().decode(cut))
          .isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void aDeclaredLengthCostsNoMemoryBeforeTheBytesAreThere() {
    // 2^31 - 16 bytes of stream id
    refused(body("e0 ff ff ff 0f"), "a string of 2147483632 bytes, but 0 bytes are left");
    // 2^30 attributes, after: id "", sequence 0, text "", null, null, null, status, end
    refused(body("00 00 00 00 00 00 00 00 80 80 80 80 08"), "a block of 1073741824 items");
    // the same, as a block that states its size
    refused(
        body("00 00 00 00 00 00 00 00 ff ff ff ff 07 02"),
        "a block of 1 bytes, but 0 bytes are left");

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] bytes = body("00 00 00 00 00 00 00 00 80 80 80 80 08");
    long before = threads.getCurrentThreadAllocatedBytes();
    refused(bytes, "a block");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4_000_000);
  }

  /** Seeded, so that a failure comes back. */
  @Test
  void noBytesGiveAnythingButARecordOrTheException() {
    Random random = new Random(20_261_122);
    int refused = 0;
    List<AvroCodec<? extends SpecificRecord>> codecs =
        List.of(AvroCodec.chunk(), AvroCodec.summary(), AvroCodec.session());
    List<byte[]> seeds =
        List.of(
            AvroCodec.chunk().encode(Samples.chunk()),
            AvroCodec.summary().encode(Samples.summaries().get(0)),
            AvroCodec.session().encode(Samples.sessions().get(0)));
    for (int i = 0; i < 20_000; i++) {
      int which = i % codecs.size();
      byte[] bytes = i % 4 == 0 ? randomBytes(random, seeds.get(which)) : seeds.get(which).clone();
      if (i % 4 != 0) {
        mutate(random, bytes);
      }
      if (i % 4 == 3) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
      }
      try {
        codecs.get(which).decode(bytes);
      } catch (UndecodableException e) {
        assertThat(e).hasMessageStartingWith("not a ");
        refused++;
      }
    }
    // a flipped letter of a text is still a record
    assertThat(refused).isBetween(10_000, 19_999);
  }

  private static byte[] randomBytes(Random random, byte[] seed) {
    byte[] bytes = new byte[HEADER + random.nextInt(200)];
    random.nextBytes(bytes);
    if (random.nextInt(4) > 0) {
      // far enough in to reach the body
      System.arraycopy(seed, 0, bytes, 0, HEADER);
    }
    return bytes;
  }

  private static void mutate(Random random, byte[] bytes) {
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = HEADER + random.nextInt(bytes.length - HEADER);
      bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 0x80);
    }
  }

  private void refused(byte[] bytes, String... parts) {
    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContainingAll(parts);
  }

  private static TranscriptChunk chunk(Map<String, String> attributes) {
    return new TranscriptChunk(
        "talk", 1L, "Hi.", null, null, null, ChunkStatus.CONFIRMED, false, attributes);
  }

  /** A chunk's header, then the bytes given in hex. */
  private byte[] body(String hex) {
    byte[] header = Arrays.copyOf(codec.encode(Samples.chunk()), HEADER);
    String[] parts = hex.split(" ", -1);
    byte[] bytes = Arrays.copyOf(header, HEADER + parts.length);
    for (int i = 0; i < parts.length; i++) {
      bytes[HEADER + i] = (byte) Integer.parseInt(parts[i], 16);
    }
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
