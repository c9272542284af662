package io.gistream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.config.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicLayoutTest {
  @Test
  void settingsNameTheTopicsAndTheirSize() {
    Settings settings =
        Settings.load(
            List.of(
                "topics.chunks=in",
                "topics.summaries=out",
                "topics.dead-letters=dead",
                "topics.partitions=12",
                "topics.replication-factor=3"),
            Map.of(),
            null);
    assertThat(TopicLayout.of(settings).topics())
        .containsExactly(
            new TopicSpec(
                "in",
                12,
                3,
                Map.of(
                    "cleanup.policy", "delete",
                    "retention.ms", "604800000",
                    "max.message.bytes", "1048588")),
            new TopicSpec(
                "out", 12, 3, Map.of("cleanup.policy", "compact", "max.message.bytes", "1048588")),
            new TopicSpec(
                "dead",
                12,
                3,
                Map.of(
                    "cleanup.policy", "delete",
                    "retention.ms", "604800000",
                    "max.message.bytes", "1114124")));
  }

  @Test
  void aTopicWithoutPartitionsOrReplicasIsRefused() {
    assertThatThrownBy(() -> new TopicSpec("in", 0, 1, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in: 0 partitions");
    for (int factor : List.of(0, -2, 40_000)) {
      assertThatThrownBy(() -> new TopicSpec("in", 1, factor, Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("replication factor " + factor);
    }
  }
}
