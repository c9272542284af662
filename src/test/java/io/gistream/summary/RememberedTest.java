package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedTest {
  private final List<String> asked = new ArrayList<>();
  private final Remembered<Integer> lengths =
      new Remembered<>(
          text -> {
            asked.add(text);
            return text.length();
          },
          2);

  @Test
  void aTextIsLookedAtOnce() {
    assertThat(lengths.of("one")).isEqualTo(3);
    assertThat(lengths.of("three")).isEqualTo(5);
    assertThat(lengths.of("one")).isEqualTo(3);
    assertThat(asked).containsExactly("one", "three");
  }

  @Test
  void whatNobodyHasAskedForLongestIsForgotten() {
    lengths.of("one");
    lengths.of("three");
    lengths.of("one");
    lengths.of("seventeen");
    assertThat(lengths.of("one")).isEqualTo(3);
    assertThat(asked).containsExactly("one", "three", "seventeen");
    assertThat(lengths.of("three")).isEqualTo(5);
    assertThat(asked).endsWith("three");
  }
}
