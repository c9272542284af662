package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferPoolTest {
  private final BufferPool pool = new BufferPool();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 16_384, 16_385, 100_000})
  void aBufferHasTheSizeAskedForAndHoldsZeros(int bytes) {
    for (int round = 0; round < 2; round++) {
      ByteBuffer buffer = pool.take(bytes);
      assertThat(buffer.isDirect()).isTrue();
      assertThat(buffer.remaining()).isEqualTo(bytes);
      assertThat(buffer.alignmentOffset(0, 64)).isZero();
      for (int i = 0; i < bytes; i++) {
        assertThat(buffer.get(i)).isZero();
      }
      while (buffer.hasRemaining()) {
        buffer.put((byte) 7);
      }
      pool.giveBack(buffer);
    }
  }

  @Test
  void aBufferGivenBackIsLentAgain() {
    ByteBuffer buffer = pool.take(1000);
    pool.giveBack(buffer);
    assertThat(pool.take(600)).isSameAs(buffer);
    assertThat(pool.take(1000)).isNotSameAs(buffer);
  }
}
