package io.gistream.feed;

import io.gistream.stream.LiveStreams;
import io.gistream.stream.StreamInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Numbers on the chunks of those who do not: behind the highest sequence number that is known of a
 * stream, in its state, on the topic, and from before. Thread-safe.
 */
public final class Numbering {
  /** Streams whose last number is remembered until it is seen on the topic. */
  private static final int REMEMBERED = 10_000;

  private static final int STRIPES = 64;

  private final LiveStreams streams;
  private final Feed feed;
  private final Object[] locks = new Object[STRIPES];
  private final Map<String, Long> given =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  public Numbering(LiveStreams streams, Feed feed) {
    this.streams = streams;
    this.feed = feed;
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new Object();
    }
  }

  /** Whether anything is known of a stream. */
  public boolean knows(String streamId) {
    return highest(streamId) >= 0;
  }

  /**
   * Does something with the next numbers of a stream, and nothing else with that stream meanwhile.
   *
   * @param count how many are wanted
   * @param use what to do, given the first of them; they are taken unless it throws
   */
  public <T> T take(String streamId, int count, LongFunction<T> use) {
    synchronized (locks[Math.floorMod(streamId.hashCode(), STRIPES)]) {
      long first = highest(streamId) + 1;
      T result = use.apply(first);
      remember(streamId, first + count - 1);
      return result;
    }
  }

  /** That a number was used by somebody who counts himself. */
  public synchronized void remember(String streamId, long sequence) {
    given.merge(streamId, sequence, Math::max);
  }

  /** The stream begins anew. */
  public synchronized void forget(String streamId) {
    given.remove(streamId);
  }

  private long highest(String streamId) {
    Optional<StreamInfo> info = streams.stream(streamId);
    long inState =
        info.map(it -> Math.max(it.nextSequence() - 1, it.unsummarised().highest())).orElse(-1L);
    long onTopic = feed.history(streamId).map(StreamHistory::highestSequence).orElse(-1L);
    synchronized (this) {
      return Math.max(given.getOrDefault(streamId, -1L), Math.max(inState, onTopic));
    }
  }
}
