package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory of models that write: state, and the tokens written last. */
class WriterMemoryTest {
  private static final List<String> SEGMENT = List.of("We ship on Friday.", "Maria knows.");

  private static SummaryModel open(String name) {
    return SummaryModel.bundled(name, SummaryModel.Options.DEFAULT);
  }

  private static Memory folded(SummaryModel model, int times) {
    SegmentReader reader = model.reader();
    Memory memory = model.emptyMemory();
    for (int i = 0; i < times; i++) {
      memory = reader.read(List.of(new Read(SEGMENT, 2L * i, memory, true))).get(0).memory();
    }
    return memory;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tiny-bart", "tiny-t5", "tiny-bart-none", "tiny-t5-abc-mlp", "tiny-t5-full"})
  void aMemoryComesBackFromItsBytesAndGoesOnAsBefore(String name) {
    try (SummaryModel model = open(name)) {
      for (int folds = 0; folds < 4; folds++) {
        Memory memory = folded(model, folds);
        byte[] bytes = memory.toBytes();
        Memory read = model.memory(bytes);
        assertThat(bytes).hasSize(memory.sizeInBytes());
        assertThat(read).isEqualTo(memory).hasSameHashCodeAs(memory);
        assertThat(read.toBytes()).isEqualTo(bytes);
        assertThat(read.written()).isEqualTo(memory.written());
        SegmentReader reader = model.reader();
        assertThat(reader.read(List.of(new Read(SEGMENT, 9, read, true))))
            .isEqualTo(reader.read(List.of(new Read(SEGMENT, 9, memory, true))));
      }
    }
  }

  @Test
  void onlyTheLastTokensAreKeptAndTheSizeIsBounded() {
    try (SummaryModel model = open("tiny-bart")) {
      int most = model.manifest().generation().prefixTokens();
      int largest = model.largestMemoryBytes().orElseThrow();
      Memory memory = folded(model, 6);
      assertThat(memory.written()).hasSize(most);
      assertThat(memory.sizeInBytes()).isEqualTo(largest);
      assertThat(model.emptyMemory().written()).isEmpty();
      assertThat(model.emptyMemory().sizeInBytes()).isEqualTo(largest - Integer.BYTES * most);
    }
  }

  @Test
  void memoriesThatDifferInWhatWasWrittenDiffer() {
    try (SummaryModel model = open("tiny-bart-none")) {
      assertThat(folded(model, 1)).isNotEqualTo(model.emptyMemory());
      assertThat(folded(model, 1)).isEqualTo(folded(model, 1));
    }
  }

  @Test
  void theFullMemoryGrowsByEachSegment() {
    try (SummaryModel model = open("tiny-t5-full")) {
      assertThat(model.largestMemoryBytes()).isEmpty();
      int[] sizes = new int[4];
      for (int i = 0; i < sizes.length; i++) {
        Memory memory = folded(model, i);
        sizes[i] = memory.byteSize(0);
      }
      assertThat(sizes[0]).isZero();
      assertThat(sizes[1]).isPositive();
      assertThat(sizes[2]).isEqualTo(2 * sizes[1]);
      assertThat(sizes[3]).isEqualTo(3 * sizes[1]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-bart", "tiny-t5-full", "tiny-bart-none"})
  void aMemoryOfAnyOtherLengthIsRefused(String name) {
    try (SummaryModel model = open(name)) {
      byte[] bytes = folded(model, 2).toBytes();
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatIllegalArgumentException().isThrownBy(() -> model.memory(cut));
      }
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.memory(longer))
          .withMessageContaining("is damaged: it has " + longer.length + " bytes");
    }
  }

  @Test
  void tokensThatAreNoneAreRefused() {
    try (SummaryModel model = open("tiny-bart-none")) {
      Memory memory = folded(model, 1);
      int tokens = memory.written().length;
      assertThat(tokens).isPositive();
      int vocabulary = model.manifest().dims().vocabulary();
      int at = memory.sizeInBytes() - Integer.BYTES * tokens;
      for (int wrong : new int[] {-1, vocabulary, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        assertRefused(model, with(memory, at, wrong));
      }
      for (int count : new int[] {-1, tokens - 1, tokens + 1, 13, Integer.MAX_VALUE}) {
        assertRefused(model, with(memory, at - Integer.BYTES, count));
      }
      assertThat(model.memory(with(memory, at, vocabulary - 1))).isNotEqualTo(memory);
    }
  }

  @Test
  void aGrowingAxisOfAnotherLengthIsRefused() {
    try (SummaryModel model = open("tiny-t5-full")) {
      Memory memory = folded(model, 1);
      int headerBytes = 40 + 2 * (2 + 4 * Integer.BYTES);
      int length =
          ByteBuffer.wrap(memory.toBytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(headerBytes);
      assertThat(length).isPositive();
      for (int wrong : new int[] {-1, 0, length - 1, length + 1, 1 << 24, Integer.MAX_VALUE}) {
        assertRefused(model, with(memory, headerBytes, wrong));
      }
    }
  }

  @Test
  void bytesThatAreChangedAnywhereNeverDoMoreThanBeRefused() {
    try (SummaryModel model = open("tiny-t5-full")) {
      byte[] bytes = folded(model, 1).toBytes();
      Random random = new Random(1);
      for (int i = 0; i < 2000; i++) {
        byte[] changed = bytes.clone();
        changed[random.nextInt(i % 2 == 0 ? 100 : changed.length)] ^=
            (byte) (1 << random.nextInt(8));
        try {
          assertThat(model.memory(changed).toBytes()).isEqualTo(changed);
        } catch (IllegalArgumentException e) {
          assertThat(e).hasMessageContaining("memory");
        }
      }
    }
  }

  private static void assertRefused(SummaryModel model, byte[] bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.memory(bytes))
        .withMessageContaining("is damaged");
  }

  private static byte[] with(Memory memory, int at, int value) {
    byte[] bytes = memory.toBytes();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return bytes;
  }
}
