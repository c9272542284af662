package io.gistream.api;

import io.gistream.avro.Origin;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import io.gistream.stream.LiveStreams;
import io.gistream.stream.MemoryInfo;
import io.gistream.stream.ModelInfo;
import io.gistream.stream.StreamInfo;
import io.gistream.stream.StreamInfo.Unsummarised;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** Streams that say what a test wants. */
final class FakeStreams implements LiveStreams, AutoCloseable {
  volatile State state = State.RUNNING;
  volatile boolean restored = true;
  volatile boolean threadDead;
  volatile boolean ended;
  volatile long segments = 1;
  volatile Unsummarised unsummarised = new Unsummarised(0, 0, null, null, -1);
  final Set<String> closed = new ConcurrentSkipListSet<>();
  final Map<String, String> elsewhere = new ConcurrentSkipListMap<>();
  final Set<String> others = new ConcurrentSkipListSet<>();
  volatile Runnable whenAsked = () -> {};
  private final Map<String, RollingSummary> summaries = new ConcurrentSkipListMap<>();

  void reset() {
    state = State.RUNNING;
    restored = true;
    threadDead = false;
    whenAsked = () -> {};
    summaries.clear();
    closed.clear();
    elsewhere.clear();
    others.clear();
    segments = 1;
    unsummarised = new Unsummarised(0, 0, null, null, -1);
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
    summaries.keySet().forEach(id -> infos.add(info(id)));
    return infos;
  }

  private StreamInfo info(String id) {
    return new StreamInfo(id, 1, 7, 6, 321, 1_000, closed.contains(id), true, 1, unsummarised);
  }

  @Override
  public Optional<StreamInfo> stream(String streamId) {
    whenAsked.run();
    return summaries.containsKey(streamId) ? Optional.of(info(streamId)) : Optional.empty();
  }

  @Override
  public Optional<MemoryInfo> memory(String streamId) {
    whenAsked.run();
    return summaries.containsKey(streamId)
        ? Optional.of(
            new MemoryInfo(
                "raf",
                segments,
                100,
                new float[][] {{0.1f, 0.2f}},
                new float[][] {{0.5f, 0.25f}},
                new float[][] {{1f, 2f}},
                1_000,
                false))
        : Optional.empty();
  }

  @Override
  public ModelInfo model() {
    return new ModelInfo("compact-raf", "1.0.0", "raf", 1, 2);
  }

  @Override
  public Set<Integer> partitions() {
    return Set.of(0);
  }

  @Override
  public Optional<String> elsewhere(String streamId) {
    return Optional.ofNullable(elsewhere.get(streamId));
  }

  @Override
  public Set<String> others() {
    return Set.copyOf(others);
  }

  @Override
  public Optional<RollingSummary> summary(String streamId) {
    whenAsked.run();
    return Optional.ofNullable(summaries.get(streamId));
  }

  @Override
  public void close() {
    ended = true;
  }
}
