package io.gistream.api;

import io.gistream.api.security.Caller;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened in a second. */
record Tick(long time, String instance, double seconds, List<Changed> changed) {
  private static final int MAX_STREAMS = 100;

  /**
   * A stream with something new.
   *
   * @param now null when there is none of that id any more, or here
   */
  record Changed(String streamId, Activity.OfStream happened, @Nullable StreamView now) {}

  /** As JSON; {@code docs/http-api.md} explains the fields. */
  record View(
      long time,
      String instance,
      double seconds,
      int chunks,
      int words,
      int summaries,
      int deadLetters,
      @Nullable Latency latencyMillis,
      List<StreamView> streams,
      boolean truncated) {}

  record Latency(long median, long p95, long max) {
    static @Nullable Latency of(List<Long> sorted) {
      int count = sorted.size();
      return count == 0
          ? null
          : new Latency(
              sorted.get((count - 1) / 2),
              sorted.get((count - 1) * 95 / 100),
              sorted.get(count - 1));
    }
  }

  /** What one caller may see of it. */
  View of(Caller caller) {
    List<Changed> his = changed.stream().filter(it -> caller.mayTouch(it.streamId())).toList();
    List<StreamView> views = his.stream().map(Changed::now).filter(Objects::nonNull).toList();
    return new View(
        time,
        instance,
        seconds,
        his.stream().mapToInt(it -> it.happened().chunks()).sum(),
        his.stream().mapToInt(it -> it.happened().words()).sum(),
        his.stream().mapToInt(it -> it.happened().summaries()).sum(),
        his.stream().mapToInt(it -> it.happened().deadLetters()).sum(),
        Latency.of(
            his.stream().flatMap(it -> it.happened().latencies().stream()).sorted().toList()),
        views.subList(0, Math.min(MAX_STREAMS, views.size())),
        views.size() > MAX_STREAMS);
  }
}
