package io.gistream.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is left of a record after its bytes were cut or flipped: a record, or a clear failure. */
class DamagedRecordsTest {
  private static final int FLIPS = Integer.getInteger("fuzz.flips", 5_000);

  record Kind(AvroCodec<? extends SpecificRecord> codec, byte[] bytes) {
    static <T extends SpecificRecord> Kind of(AvroCodec<T> codec, T sample) {
      return new Kind(codec, codec.encode(sample));
    }

    @Override
    public String toString() {
      return codec.history().current().getName();
    }
  }

  static List<Kind> kinds() {
    return List.of(
        Kind.of(AvroCodec.chunk(), Samples.chunk()),
        Kind.of(AvroCodec.summary(), Samples.summaries().get(0)),
        Kind.of(AvroCodec.session(), Samples.sessions().get(0)),
        Kind.of(AvroCodec.checkpoint(), Samples.checkpoints().get(0)),
        Kind.of(AvroCodec.heardChunk(), Samples.heardChunks().get(0)),
        Kind.of(AvroCodec.inboxEntry(), Samples.inboxEntries().get(0)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void oneCutShortIsRefused(Kind kind) {
    for (int length = 0; length < kind.bytes().length; length++) {
      byte[] cut = Arrays.copyOf(kind.bytes(), length);
      assertThatThrownBy(() -> kind.codec().decode(cut))
          .isInstanceOf(UndecodableException.class)
          .hasMessageContaining(kind.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void oneWithBitsFlippedIsAnotherOrRefused(Kind kind) {
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] damaged = kind.bytes().clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      refused += isRefused(kind, damaged) ? 1 : 0;
    }
    assertThat(refused).isBetween(1, FLIPS - 1);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void randomBytesBehindAGoodBeginningAreAnotherOrRefused(Kind kind) {
    Random random = new Random(2);
    for (int i = 0; i < FLIPS; i++) {
      byte[] damaged = new byte[10 + random.nextInt(200)];
      random.nextBytes(damaged);
      System.arraycopy(kind.bytes(), 0, damaged, 0, 10); // the header
      isRefused(kind, damaged);
    }
  }

  /** Anything but an {@link UndecodableException} fails the test. */
  private static boolean isRefused(Kind kind, byte[] bytes) {
    try {
      assertThat(kind.codec().decode(bytes)).isNotNull();
      return false;
    } catch (UndecodableException e) {
      assertThat(e).hasMessageContaining(kind.toString());
      return true;
    }
  }
}
