package io.gistream.chaos;

import io.gistream.chaos.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The faults of a run: every kind once, then whatever the seed says. */
final class FaultPlan {
  private static final List<Integer> SCALES = List.of(1, 3, 2);

  private FaultPlan() {}

  static List<Fault> of(long seed, int count, Duration duration) {
    Random random = new Random(seed ^ 0x6661_756c_7473L);
    List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
    Collections.shuffle(kinds, random);
    while (kinds.size() < count) {
      kinds.add(drawn(random));
    }
    long spacing = duration.toMillis() / count;
    List<Fault> faults = new ArrayList<>();
    int scaled = 0;
    for (Kind kind : withoutLongSolitude(kinds).subList(0, count)) {
      int target =
          switch (kind) {
            case SCALE -> SCALES.get(scaled++ % SCALES.size());
            case KILL_BROKER, FREEZE_BROKER, RESTART_BROKER -> random.nextInt(ChaosOptions.BROKERS);
            default -> random.nextInt(ChaosOptions.PROCESSORS);
          };
      int lasts =
          switch (kind) {
            // longer than session and transaction timeout
            case FREEZE_PROCESSOR -> 13_000 + random.nextInt(8_000);
            case FREEZE_BROKER -> 2_000 + random.nextInt(10_000);
            case KILL_BROKER -> random.nextInt(10_000);
            default -> random.nextInt(5_000);
          };
      long pause = spacing / 2 + random.nextLong(Math.max(1, spacing));
      faults.add(new Fault(kind, target, Duration.ofMillis(lasts), Duration.ofMillis(pause)));
    }
    return faults;
  }

  /** One processor alone gets another beside it after two more faults, or nothing ever moves. */
  private static List<Kind> withoutLongSolitude(List<Kind> kinds) {
    List<Kind> all = new ArrayList<>();
    int scaled = 0;
    int since = 0;
    for (Kind kind : kinds) {
      boolean alone = scaled > 0 && SCALES.get((scaled - 1) % SCALES.size()) == 1;
      if (alone && since == 2 && kind != Kind.SCALE) {
        all.add(Kind.SCALE);
        scaled++;
      }
      all.add(kind);
      since = kind == Kind.SCALE ? 0 : since + 1;
      scaled += kind == Kind.SCALE ? 1 : 0;
    }
    return all;
  }

  private static Kind drawn(Random random) {
    int sum = 0;
    for (Kind kind : Kind.values()) {
      sum += kind.weight;
    }
    int left = random.nextInt(sum);
    for (Kind kind : Kind.values()) {
      left -= kind.weight;
      if (left < 0) {
        return kind;
      }
    }
    throw new AssertionError();
  }
}
