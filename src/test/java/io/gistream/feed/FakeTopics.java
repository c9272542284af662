package io.gistream.feed;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.feed.DeadLetterNote.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Topics of one partition each, in memory, with a feed that follows them. */
public final class FakeTopics {
  private final List<FeedRecord.Chunk> chunks = new ArrayList<>();
  private final List<FeedRecord> summaries = new ArrayList<>();
  private final Feed feed;

  /** How often what was missed was read from the topics. */
  public volatile int replays;

  public FakeTopics(long historyBytes) {
    feed = new Feed(historyBytes, this::replay);
    feed.topics(1, 1);
    feed.begin(true, 0, 0, 0, 0);
    feed.begin(false, 0, 0, 0, 0);
  }

  public Feed feed() {
    return feed;
  }

  /** Forgets that partition 0 is followed. */
  public void move() {
    feed.end(true, 0);
    feed.end(false, 0);
  }

  public synchronized FeedRecord.Chunk say(String streamId, long sequence, String text) {
    TranscriptChunk chunk =
        new TranscriptChunk(
            streamId, sequence, text, "Ada", null, null, ChunkStatus.CONFIRMED, false, Map.of());
    FeedRecord.Chunk record =
        new FeedRecord.Chunk(chunk, new Position(0, chunks.size()), 1_000 * (chunks.size() + 1));
    chunks.add(record);
    feed.add(record, text.length(), true);
    return record;
  }

  /** Of the chunk that was said last. */
  public synchronized FeedRecord.Summary summarise(RollingSummary summary) {
    FeedRecord.Summary record =
        new FeedRecord.Summary(
            summary,
            new Position(0, summaries.size()),
            1_000L * chunks.size(),
            chunks.isEmpty() ? null : chunks.get(chunks.size() - 1).position());
    summaries.add(record);
    feed.add(record, summary.getText().length(), true);
    return record;
  }

  public synchronized void erase(String streamId) {
    FeedRecord.Erased record =
        new FeedRecord.Erased(streamId, new Position(0, summaries.size()), 1_000L * chunks.size());
    summaries.add(record);
    feed.add(record, 0, true);
  }

  public void bury(String streamId, String reason) {
    feed.add(
        new DeadLetterNote(
            streamId,
            1_000,
            "io.gistream.serde.UndecodableException",
            reason,
            new Source("gistream.chunks", 0, 7),
            0,
            feed.deadLettersSeen(),
            3),
        true);
  }

  public void heartbeat() {
    feed.heartbeat();
  }

  private synchronized Replay.Replayed replay(String streamId, Cursor from, Cursor to) {
    replays++;
    return new Replay.Replayed(
        chunks.stream()
            .filter(it -> it.streamId().equals(streamId))
            .filter(it -> it.position().offset() >= from.chunks().offset())
            .filter(it -> it.position().offset() < to.chunks().offset())
            .toList(),
        summaries.stream()
            .filter(it -> it.streamId().equals(streamId))
            .filter(it -> it.position().offset() >= from.summaries().offset())
            .filter(it -> it.position().offset() < to.summaries().offset())
            .toList(),
        Optional.empty());
  }
}
