package io.gistream.api;

import io.gistream.avro.TranscriptChunk;
import io.gistream.feed.ChunkSink;
import io.gistream.session.ChunkRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was asked for. */
final class FakeSink implements ChunkSink {
  final List<String> erased = new CopyOnWriteArrayList<>();
  final List<TimedChunk> put = new CopyOnWriteArrayList<>();
  volatile RuntimeException failure;

  void reset() {
    erased.clear();
    put.clear();
    failure = null;
  }

  @Override
  public void check(TranscriptChunk chunk) {
    if (chunk.getText().length() > 1000) {
      throw new TooLargeException("the text has %d characters".formatted(chunk.getText().length()));
    }
    new ChunkRules(1000)
        .misaddressed(chunk.getStreamId(), chunk)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
  }

  @Override
  public synchronized List<Placed> put(List<TimedChunk> chunks) {
    if (failure != null) {
      throw failure;
    }
    List<Placed> placed = new ArrayList<>();
    for (TimedChunk chunk : chunks) {
      placed.add(new Placed(chunk.chunk().getSequence(), 0, put.size()));
      put.add(chunk);
    }
    return placed;
  }

  @Override
  public void erase(String streamId) {
    if (failure != null) {
      throw failure;
    }
    erased.add(streamId);
  }
}
