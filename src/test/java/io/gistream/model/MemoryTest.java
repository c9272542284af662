package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final int HEADER = 4 + 2 + 2 + 32 + 2 + 4 * 4;
  private static final int VALUES = 2 * 16 * 16 * Short.BYTES;

  private static SummaryModel model;
  private static SummaryModel other;
  private static Memory memory;

  @BeforeAll
  static void load() {
    model = SummaryModel.bundled("tiny", SummaryModel.Options.DEFAULT);
    other = SummaryModel.bundled("tiny-none", SummaryModel.Options.DEFAULT);
    memory = folded();
  }

  @AfterAll
  static void close() {
    model.close();
    other.close();
  }

  private static Memory folded() {
    List<EncodedSentence> sentences = model.encode(List.of("We ship on Friday.", "Agreed."));
    return model.fold(List.of(new Segment(sentences, 0, model.emptyMemory()))).get(0);
  }

  @Test
  void aMemoryComesBackFromItsBytes() {
    byte[] bytes = memory.toBytes();
    assertThat(model.memory(bytes)).isEqualTo(memory).hasSameHashCodeAs(memory);
    assertThat(model.memory(bytes).toBytes()).isEqualTo(bytes).hasSize(memory.sizeInBytes());
    assertThat(memory).isNotEqualTo(model.emptyMemory());
  }

  @Test
  void aMemoryThatCameBackReadsAndFoldsAsBefore() {
    List<EncodedSentence> sentences = model.encode(List.of("Who tells Maria?"));
    Segment before = new Segment(sentences, 2, memory);
    Segment after = new Segment(sentences, 2, model.memory(memory.toBytes()));
    assertThat(model.decode(List.of(after)).get(0)).isEqualTo(model.decode(List.of(before)).get(0));
    assertThat(model.fold(List.of(after))).isEqualTo(model.fold(List.of(before)));
  }

  @Test
  void theEmptyMemoryIsAllZeros() {
    byte[] bytes = model.emptyMemory().toBytes();
    assertThat(bytes).hasSize(HEADER + VALUES);
    assertThat(Arrays.copyOfRange(bytes, HEADER, bytes.length)).containsOnly(0);
  }

  @Test
  void theHeaderNamesTheModelAndItsTensors() {
    byte[] bytes = memory.toBytes();
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.getInt()).as("GMEM").isEqualTo(0x4D454D47);
    assertThat(header.getShort()).as("version").isEqualTo((short) 1);
    assertThat(header.getShort()).as("tensors").isEqualTo((short) 1);
    byte[] sha256 = new byte[32];
    header.get(sha256);
    assertThat(HexFormat.of().formatHex(sha256)).isEqualTo(model.sha256());
    assertThat(header.get()).as("float16").isEqualTo((byte) 1);
    assertThat(header.get()).as("rank").isEqualTo((byte) 4);
    assertThat(new int[] {header.getInt(), header.getInt(), header.getInt(), header.getInt()})
        .containsExactly(1, 2, 16, 16);
    assertThat(header.position()).isEqualTo(HEADER);
  }

  @Test
  void whatTheCallerDoesToTheBytesDoesNotReachTheMemory() {
    byte[] bytes = memory.toBytes();
    Memory read = model.memory(bytes);
    Arrays.fill(bytes, (byte) 7);
    Arrays.fill(memory.toBytes(), (byte) 7);
    assertThat(read).isEqualTo(memory).isEqualTo(folded());
  }

  @Test
  void theMemoryOfAnotherModelIsRefusedWithBothNames() {
    String message =
        "memory is of model %s, this is model %s; run the model that made it, or rebuild it by reading the stream again"
            .formatted(model.sha256().substring(0, 12), other.sha256().substring(0, 12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.memory(memory.toBytes()))
        .withMessage(message);
    Segment segment = new Segment(other.encode(List.of("Hello.")), 0, memory);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.decode(List.of(segment)))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.fold(List.of(segment)))
        .withMessage(message);
  }

  @Test
  void aMemoryOfAnotherLengthIsRefused() {
    byte[] bytes = memory.toBytes();
    String prefix = model.sha256().substring(0, 12);
    for (int length : new int[] {bytes.length - 1, bytes.length + 1, HEADER, HEADER - 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.memory(Arrays.copyOf(bytes, length)))
          .withMessage(
              "memory of model %s is damaged: it has %d bytes, model %s writes %d; rebuild it by reading the stream again"
                  .formatted(prefix, length, prefix, HEADER + VALUES));
    }
  }

  @Test
  void aMemoryWithAnotherShapeIsRefused() {
    byte[] bytes = memory.toBytes();
    bytes[HEADER - 4] = 17;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.memory(bytes))
        .withMessageContaining("is damaged");
  }

  @Test
  void bytesThatAreNoMemoryAreRefused() {
    for (byte[] bytes : new byte[][] {{}, {1, 2, 3}, new byte[HEADER + VALUES]}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.memory(bytes))
          .withMessage(
              "%d bytes are not a memory: expected %d bytes that begin with GMEM, of model %s"
                  .formatted(bytes.length, HEADER + VALUES, model.sha256().substring(0, 12)));
    }
  }

  @Test
  void aMemoryOfANewerVersionIsRefused() {
    byte[] bytes = memory.toBytes();
    bytes[4] = 2;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.memory(bytes))
        .withMessage("memory has version 2, this release reads 1; use the release that wrote it");
  }

  @Test
  void aModelWithoutMemoryKeepsOnlyTheHeader() {
    Memory none = other.emptyMemory();
    assertThat(none.sizeInBytes()).isEqualTo(40);
    assertThat(other.memory(none.toBytes())).isEqualTo(none);
    Segment segment = new Segment(other.encode(List.of("Hello.")), 0, none);
    assertThat(other.decode(List.of(segment)).get(0)).hasSize(1);
    assertThat(other.fold(List.of(segment)).get(0)).isSameAs(none);
  }
}
