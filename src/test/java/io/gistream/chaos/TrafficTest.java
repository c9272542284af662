package io.gistream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.chaos.Message.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the chaos run rests on: a seed says everything, and everything happens. */
class TrafficTest {
  private static final int ENOUGH = 5_000;

  @Test
  void theSameSeedGivesTheSameMessages() {
    assertThat(messages(7))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(messages(7));
  }

  @Test
  void anotherSeedGivesOthers() {
    assertThat(messages(7).get(0)).usingRecursiveComparison().isNotEqualTo(messages(8).get(0));
  }

  @Test
  void everyKindOfMessageComes() {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    messages(7).forEach(message -> kinds.add(message.kind()));
    assertThat(kinds).containsAll(EnumSet.complementOf(EnumSet.of(Kind.CLOSING)));
  }

  @Test
  void everyKindOfFaultStrikes() {
    List<Fault> plan = FaultPlan.of(7, 12, Duration.ofMinutes(3));
    assertThat(plan).hasSize(12).isEqualTo(FaultPlan.of(7, 12, Duration.ofMinutes(3)));
    assertThat(plan).extracting(Fault::kind).contains(Fault.Kind.values());
  }

  private static List<Message> messages(long seed) {
    Traffic traffic = new Traffic(seed, 20);
    List<Message> messages = new ArrayList<>(Stream.generate(traffic::next).limit(ENOUGH).toList());
    messages.addAll(traffic.poison(30));
    messages.addAll(traffic.closing(Duration.ofHours(1)));
    return messages;
  }
}
