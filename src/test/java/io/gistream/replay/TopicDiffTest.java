package io.gistream.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gistream.avro.Origin;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import io.gistream.replay.TopicDiff.StreamDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How two sets of summaries are compared. */
class TopicDiffTest {
  private static RollingSummary summary(String stream, String... sentences) {
    List<SummarySentence> shown = new ArrayList<>();
    for (String sentence : sentences) {
      shown.add(
          new SummarySentence(
              (long) shown.size(),
              sentence,
              0f,
              1f,
              Origin.EXTRACTED,
              new Source(List.of(0L), null, null, List.of())));
    }
    return new RollingSummary(
        stream,
        2,
        7L,
        String.join(" ", sentences),
        shown,
        List.of(),
        List.of(),
        null,
        List.of(),
        false,
        true,
        null,
        null,
        0L,
        "model",
        "1");
  }

  private static Map<String, RollingSummary> topic(RollingSummary... summaries) {
    Map<String, RollingSummary> topic = new TreeMap<>();
    for (RollingSummary summary : summaries) {
      topic.put(summary.getStreamId(), summary);
    }
    return topic;
  }

  @Test
  void streamsAreComparedSentenceBySentence() {
    TopicDiff diff =
        TopicDiff.between(
            "a",
            topic(summary("t", "Ship on Friday.", "The budget is twelve.")),
            "b",
            topic(summary("t", "Ship on Friday.", "Maria writes it.")));

    assertThat(diff.equal()).isZero();
    StreamDiff stream = diff.streams().get(0);
    assertThat(stream.common()).isEqualTo(1);
    assertThat(stream.onlyLeft()).containsExactly("The budget is twelve.");
    assertThat(stream.onlyRight()).containsExactly("Maria writes it.");
    assertThat(stream.left().words()).isEqualTo(7);
    assertThat(stream.left().isFinal()).isTrue();
    // 3 words in common, of 7 and of 6
    assertThat(stream.rouge1()).isCloseTo(2.0 * 3 / 13, within(1e-12));
    assertThat(diff.meanRouge1()).isEqualTo(stream.rouge1());
  }

  @Test
  void theMostDifferentComesFirstAndTheSameIsOnlyCounted() {
    TopicDiff diff =
        TopicDiff.between(
            "a",
            topic(
                summary("near", "One two three four."),
                summary("far", "One two three four."),
                summary("same", "One two."),
                summary("empty")),
            "b",
            topic(
                summary("near", "One two three five."),
                summary("far", "Six seven."),
                summary("same", "One two."),
                summary("empty")));

    assertThat(diff.streams()).extracting(StreamDiff::streamId).containsExactly("far", "near");
    assertThat(diff.equal()).isEqualTo(2);
    assertThat(diff.meanRouge1()).isCloseTo((0 + 0.75 + 1 + 1) / 4, within(1e-12));
  }

  @Test
  void streamsOfOneTopicAloneAreNamed() {
    TopicDiff diff =
        TopicDiff.between(
            "a", topic(summary("x", "One.")), "b", topic(summary("y", "One."), summary("z", "1.")));

    assertThat(diff.onlyLeft()).containsExactly("x");
    assertThat(diff.onlyRight()).containsExactly("y", "z");
    assertThat(diff.meanRouge1()).as("of none").isEqualTo(1);
  }
}
