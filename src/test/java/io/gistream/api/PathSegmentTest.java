package io.gistream.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PathSegmentTest {
  @Test
  void everyCharacterComesBack() {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < 0x3000; c++) {
      text.appendCodePoint(c);
    }
    text.appendCodePoint(0x1F680);
    String encoded = PathSegment.encode(text.toString());
    assertThat(encoded).matches("[-A-Za-z0-9._~%]+");
    assertThat(PathSegment.decode(encoded)).isEqualTo(text.toString());
  }

  @Test
  void aPlusSignIsAPlusSign() {
    assertThat(PathSegment.decode("a+b%20c")).isEqualTo("a+b c");
  }

  @Test
  void brokenEncodingIsRefused() {
    for (String segment : List.of("%", "%2", "a%zz", "%FF", "%C3", "%+1")) {
      assertThatThrownBy(() -> PathSegment.decode(segment))
          .as(segment)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
