package io.gistream.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.stream.LiveStreams.NotReadyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Utils;

/**
 * What happens on the topics: remembered for a while, and told to those who listen. A {@link
 * TopicFollower} puts in what it reads; any thread may ask.
 */
public final class Feed {
  private static final int MAX_DEAD_LETTERS = 200;

  private final RecentLog log;
  private final Replay replay;
  private final Deque<DeadLetterNote> deadLetters = new ArrayDeque<>();
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();
  private final List<Consumer<Observed>> observers = new CopyOnWriteArrayList<>();
  private int chunkPartitions;
  private int summaryPartitions;
  private long deadLettersSeen;

  /**
   * @param historyBytes of the records that are remembered
   * @param replay reads what is not
   */
  public Feed(long historyBytes, Replay replay) {
    this.log = new RecentLog(historyBytes);
    this.replay = replay;
  }

  /** Hears of one stream, on the follower's thread: it must not wait. */
  public interface Listener {
    void on(FeedRecord record);

    /** Nothing between the last record and this place is of the stream. */
    void heartbeat(Cursor now);

    /** This instance does not follow the stream any more. */
    void moved();
  }

  /**
   * What is told to {@linkplain #observe observers}; {@code live} is whether it happened while the
   * topics were followed, and not before.
   */
  public sealed interface Observed {
    record Said(FeedRecord.Chunk chunk, boolean live) implements Observed {}

    record Summarised(FeedRecord.Summary summary, boolean live) implements Observed {}

    record Gone(FeedRecord.Erased erased) implements Observed {}

    record Died(DeadLetterNote letter, boolean live) implements Observed {}
  }

  /**
   * One that listens to a stream.
   *
   * @param from where {@code first} begins
   * @param first what comes before that which the listener hears
   * @param lost why records are missing before {@code first}; empty when none are
   */
  public record Joined(Cursor from, List<FeedRecord> first, Optional<String> lost) {}

  private record Subscription(String streamId, Cursor home, Listener listener) {}

  // the follower's side

  synchronized void topics(int partitionsOfChunks, int partitionsOfSummaries) {
    chunkPartitions = partitionsOfChunks;
    summaryPartitions = partitionsOfSummaries;
  }

  synchronized void begin(boolean ofChunks, int partition, long beginning, long from, long end) {
    log.begin(ofChunks, partition, beginning, from, end);
  }

  synchronized void end(boolean ofChunks, int partition) {
    log.end(ofChunks, partition);
    List<Subscription> moved =
        subscriptions.stream()
            .filter(it -> at(ofChunks, it.home()).partition() == partition)
            .toList();
    moved.forEach(subscriptions::remove);
    moved.forEach(it -> it.listener().moved());
  }

  synchronized long position(boolean ofChunks, int partition) {
    return log.position(ofChunks, partition);
  }

  synchronized void moveTo(boolean ofChunks, int partition, long position) {
    log.moveTo(ofChunks, partition, position);
  }

  synchronized void add(FeedRecord record, int size, boolean live) {
    log.add(record, home(record.streamId()), size);
    for (Subscription subscription : List.copyOf(subscriptions)) {
      if (subscription.streamId().equals(record.streamId())) {
        subscription.listener().on(record);
      }
    }
    Observed observed =
        record instanceof FeedRecord.Chunk chunk
            ? new Observed.Said(chunk, live)
            : record instanceof FeedRecord.Summary summary
                ? new Observed.Summarised(summary, live)
                : new Observed.Gone((FeedRecord.Erased) record);
    observers.forEach(observer -> observer.accept(observed));
  }

  synchronized void add(DeadLetterNote letter, boolean live) {
    deadLetters.addFirst(letter);
    deadLettersSeen++;
    if (deadLetters.size() > MAX_DEAD_LETTERS) {
      deadLetters.removeLast();
    }
    observers.forEach(observer -> observer.accept(new Observed.Died(letter, live)));
  }

  synchronized void heartbeat() {
    for (Subscription subscription : List.copyOf(subscriptions)) {
      subscription.listener().heartbeat(now(subscription.home()));
    }
  }

  // everybody's side

  /** Hears of everything, on the follower's thread: it must not wait. */
  public void observe(Consumer<Observed> observer) {
    observers.add(observer);
  }

  /** What is remembered of a stream; empty when that is nothing. */
  public synchronized Optional<StreamHistory> history(String streamId) {
    return log.history(streamId);
  }

  /** The newest first. */
  public synchronized List<DeadLetterNote> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** Dead letters since the topic was begun to be followed. */
  public synchronized long deadLettersSeen() {
    return deadLettersSeen;
  }

  /**
   * Begins to listen: what is in {@link Joined#first}, and what the listener hears from now on, are
   * together all that is behind a place, each once. Reads the topics where the place is further
   * back than what is remembered.
   *
   * @param from empty for now
   * @param chunks how many remembered ones come first, when {@code from} is empty; with them the
   *     latest summary that is remembered
   * @throws NotReadyException when this instance does not follow the stream
   */
  public Joined join(String streamId, Optional<Cursor> from, int chunks, Listener listener) {
    Cursor now;
    Optional<StreamHistory> history;
    synchronized (this) {
      Cursor home = home(streamId);
      // before that, what was there already would be told as if it happened now
      if (chunkPartitions == 0
          || !log.isUpToDate(true, home.chunks().partition())
          || !log.isUpToDate(false, home.summaries().partition())) {
        throw new NotReadyException(
            "stream '%s' is not followed here yet; its partition is being moved"
                .formatted(streamId),
            new IllegalStateException());
      }
      history = log.history(streamId);
      Cursor where = history.map(StreamHistory::cursor).orElse(home);
      now = now(where);
      subscriptions.add(new Subscription(streamId, where, listener));
    }
    try {
      return from.isEmpty()
          ? recent(history, chunks, now)
          : since(streamId, from.get(), history, now);
    } catch (RuntimeException e) {
      leave(listener);
      throw e;
    }
  }

  public synchronized void leave(Listener listener) {
    subscriptions.removeIf(it -> it.listener() == listener);
  }

  private static Joined recent(Optional<StreamHistory> history, int most, Cursor now) {
    List<FeedRecord.Chunk> chunks = history.map(StreamHistory::chunks).orElse(List.of());
    List<FeedRecord.Chunk> last = chunks.subList(Math.max(0, chunks.size() - most), chunks.size());
    List<FeedRecord.Summary> summaries = history.map(StreamHistory::summaries).orElse(List.of());
    List<FeedRecord> first = new ArrayList<>(last);
    Cursor from = now;
    if (!last.isEmpty()) {
      from = new Cursor(last.get(0).position(), from.summaries());
    }
    if (!summaries.isEmpty()) {
      FeedRecord.Summary latest = summaries.get(summaries.size() - 1);
      first.add(latest);
      from = new Cursor(from.chunks(), latest.position());
    }
    return new Joined(from, first, Optional.empty());
  }

  private Joined since(String streamId, Cursor from, Optional<StreamHistory> history, Cursor now) {
    if (from.chunks().partition() != now.chunks().partition()
        || from.summaries().partition() != now.summaries().partition()
        || from.chunks().offset() > now.chunks().offset()
        || from.summaries().offset() > now.summaries().offset()) {
      return new Joined(
          now, List.of(), Optional.of("the event id is of other topics than those of now"));
    }
    if (history.isPresent() && covers(history.get().cursor(), from)) {
      List<FeedRecord.Chunk> chunks =
          history.get().chunks().stream()
              .filter(it -> it.position().offset() >= from.chunks().offset())
              .toList();
      List<FeedRecord.Summary> summaries =
          history.get().summaries().stream()
              .filter(it -> it.position().offset() >= from.summaries().offset())
              .toList();
      return new Joined(from, merged(chunks, summaries), Optional.empty());
    }
    Replay.Replayed replayed = replay.read(streamId, from, now);
    return replayed.lost().isPresent()
        ? new Joined(now, List.of(), replayed.lost())
        : new Joined(from, merged(replayed.chunks(), replayed.summaries()), Optional.empty());
  }

  private static boolean covers(Cursor remembered, Cursor from) {
    return remembered.chunks().offset() <= from.chunks().offset()
        && remembered.summaries().offset() <= from.summaries().offset();
  }

  /** In the order of their times, and in that of its topic each. */
  private static List<FeedRecord> merged(
      List<FeedRecord.Chunk> chunks, List<? extends FeedRecord> summaries) {
    List<FeedRecord> merged = new ArrayList<>(chunks.size() + summaries.size());
    int next = 0;
    for (FeedRecord summary : summaries) {
      while (next < chunks.size() && chunks.get(next).timestamp() <= summary.timestamp()) {
        merged.add(chunks.get(next++));
      }
      merged.add(summary);
    }
    merged.addAll(chunks.subList(next, chunks.size()));
    return merged;
  }

  private Cursor now(Cursor where) {
    return new Cursor(now(true, where.chunks()), now(false, where.summaries()));
  }

  private Position now(boolean ofChunks, Position where) {
    return new Position(where.partition(), log.position(ofChunks, where.partition()));
  }

  private static Position at(boolean ofChunks, Cursor cursor) {
    return ofChunks ? cursor.chunks() : cursor.summaries();
  }

  /** The partitions that Kafka's partitioner chooses, at their beginnings. */
  private Cursor home(String streamId) {
    int hash = Utils.toPositive(Utils.murmur2(streamId.getBytes(UTF_8)));
    return new Cursor(
        new Position(hash % Math.max(1, chunkPartitions), 0),
        new Position(hash % Math.max(1, summaryPartitions), 0));
  }
}
