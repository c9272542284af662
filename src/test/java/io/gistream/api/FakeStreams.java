package io.gistream.api;

import io.gistream.avro.Origin;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import io.gistream.stream.LiveStreams;
import io.gistream.stream.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Streams that say what a test wants. */
final class FakeStreams implements LiveStreams, AutoCloseable {
  volatile State state = State.RUNNING;
  volatile boolean restored = true;
  volatile boolean threadDead;
  volatile boolean closed;
  volatile Runnable whenAsked = () -> {};
  private final Map<String, RollingSummary> summaries = new TreeMap<>();

  void reset() {
    state = State.RUNNING;
    restored = true;
    threadDead = false;
    whenAsked = () -> {};
    summaries.clear();
  }

  FakeStreams failWith(RuntimeException failure) {
    whenAsked =
        () -> {
          throw failure;
        };
    return this;
  }

  FakeStreams put(String id, String text) {
    summaries.put(id, summary(id, text));
    return this;
  }

  static RollingSummary summary(String id, String text) {
    return new RollingSummary(
        id,
        1,
        7L,
        text,
        List.of(
            new SummarySentence(
                3L,
                text,
                1.5f,
                1f,
                Origin.EXTRACTED,
                new Source(List.of(4L, 5L), 100L, null, List.of("Ada")))),
        List.of(text),
        List.of(),
        new SequenceRange(0L, 5L),
        List.of(new SequenceRange(2L, 3L)),
        true,
        false,
        0L,
        null,
        321L,
        "compact-raf",
        "1.0.0");
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public boolean restored() {
    return restored;
  }

  @Override
  public boolean anyThreadDead() {
    return threadDead;
  }

  @Override
  public List<StreamInfo> streams() {
    whenAsked.run();
    List<StreamInfo> infos = new ArrayList<>();
    summaries
        .keySet()
        .forEach(id -> infos.add(new StreamInfo(id, 1, 7, 6, 321, 1_000, false, true, 1)));
    return infos;
  }

  @Override
  public Optional<RollingSummary> summary(String streamId) {
    whenAsked.run();
    return Optional.ofNullable(summaries.get(streamId));
  }

  @Override
  public void close() {
    closed = true;
  }
}
