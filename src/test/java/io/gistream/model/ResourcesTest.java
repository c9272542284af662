package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  private final List<String> closed = new ArrayList<>();
  private final Resources resources = new Resources();

  @Test
  void whatWasOpenedLastIsClosedFirst() {
    resources.own(() -> closed.add("tokenizer"));
    resources.own(() -> closed.add("encoder"));
    resources.close();
    resources.close();
    assertThat(closed).containsExactly("encoder", "tokenizer");
  }

  @Test
  void theRestIsClosedWhenOneFails() {
    resources.own(() -> closed.add("tokenizer"));
    resources.own(() -> fail("encoder"));
    resources.own(() -> fail("decoder"));
    assertThatThrownBy(resources::close)
        .hasMessage("decoder")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("encoder"));
    assertThat(closed).containsExactly("tokenizer");
  }

  private static void fail(String message) {
    throw new IllegalStateException(message);
  }
}
