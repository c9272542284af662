package io.gistream.api;

import io.gistream.feed.Feed.Observed;
import io.gistream.feed.FeedRecord;
import io.gistream.feed.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened since it was asked last, by stream. Thread-safe. */
final class Activity {
  /** Chunks whose summary is waited for; those of silent partitions fall out. */
  private static final int MAX_PENDING = 20_000;

  /** Streams beyond are counted together, under no name. */
  private static final int MAX_STREAMS = 5_000;

  private static final String OTHERS = "";

  private Map<String, OfStream> happened = new LinkedHashMap<>();
  private final Map<Position, Long> seenAt =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, Long> eldest) {
          return size() > MAX_PENDING;
        }
      };

  /** What happened to one stream. */
  static final class OfStream {
    private int chunks;
    private int words;
    private int summaries;
    private int deadLetters;
    private final List<Long> latencies = new ArrayList<>();

    int chunks() {
      return chunks;
    }

    int words() {
      return words;
    }

    int summaries() {
      return summaries;
    }

    int deadLetters() {
      return deadLetters;
    }

    /** Milliseconds from each chunk to its summary. */
    List<Long> latencies() {
      return latencies;
    }
  }

  synchronized void observe(Observed observed) {
    if (observed instanceof Observed.Said said && said.live()) {
      OfStream its = of(said.chunk().streamId());
      its.chunks++;
      String text = said.chunk().chunk().getText().strip();
      its.words += text.isEmpty() ? 0 : text.split("\\s+").length;
      seenAt.put(said.chunk().position(), System.nanoTime());
    } else if (observed instanceof Observed.Summarised summarised && summarised.live()) {
      FeedRecord.Summary summary = summarised.summary();
      OfStream its = of(summary.streamId());
      its.summaries++;
      Position cause = summary.cause();
      Long since = cause == null ? null : seenAt.remove(cause);
      if (since != null) {
        its.latencies.add((System.nanoTime() - since) / 1_000_000);
      }
    } else if (observed instanceof Observed.Gone gone) {
      of(gone.erased().streamId());
    } else if (observed instanceof Observed.Died died && died.live()) {
      String streamId = died.letter().streamId();
      of(streamId == null ? OTHERS : streamId).deadLetters++;
    }
  }

  private OfStream of(String streamId) {
    String name =
        happened.size() < MAX_STREAMS || happened.containsKey(streamId) ? streamId : OTHERS;
    return happened.computeIfAbsent(name, id -> new OfStream());
  }

  synchronized Map<String, OfStream> take() {
    Map<String, OfStream> taken = happened;
    happened = new LinkedHashMap<>();
    return taken;
  }
}
