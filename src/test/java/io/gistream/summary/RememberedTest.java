package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RememberedTest {
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private Remembered<Integer> lengths(long maxBytes) {
    return new Remembered<>(
        text -> {
          asked.add(text);
          return text.length();
        },
        value -> Integer.BYTES,
        maxBytes);
  }

  @Test
  void aTextIsLookedAtOnce() {
    Remembered<Integer> lengths = lengths(1 << 20);
    assertThat(lengths.of("one")).isEqualTo(3);
    assertThat(lengths.of("three")).isEqualTo(5);
    assertThat(lengths.of("one")).isEqualTo(3);
    assertThat(asked).containsExactly("one", "three");
  }

  @Test
  void withNoRoomItIsLookedAtEachTime() {
    Remembered<Integer> lengths = lengths(0);
    assertThat(lengths.of("one")).isEqualTo(3);
    assertThat(lengths.of("one")).isEqualTo(3);
    assertThat(asked).containsExactly("one", "one");
  }

  @Test
  void manyThreadsGetTheValuesThatOneGets() {
    Remembered<Integer> lengths = lengths(4_000); // a fraction of them
    List<Integer> found =
        IntStream.range(0, 20_000)
            .parallel()
            .mapToObj(i -> lengths.of("x".repeat(i % 97)))
            .toList();
    assertThat(found).isEqualTo(IntStream.range(0, 20_000).mapToObj(i -> i % 97).toList());
    assertThat(asked).hasSizeLessThan(20_000);
  }
}
