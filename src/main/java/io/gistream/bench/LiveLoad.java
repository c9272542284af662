package io.gistream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Talks at the pace at which people speak: a chunk of each every ten seconds, their turns spread
 * evenly. Everything happens in the calling thread.
 */
final class LiveLoad {
  /** Longer than this after the last chunk, and the talks were not kept up with. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BenchCluster cluster;
  private final Talk talk;
  private final int first;
  private final int talks;
  private final long interval;
  private final List<Deque<Sent>> waiting = new ArrayList<>();
  private long nextAt = System.nanoTime();
  private long turn;
  private boolean measuring;
  private int finished;
  private boolean keptUp = true;
  private final NanoSamples delays = new NanoSamples();

  /** A chunk that no summary speaks of yet. */
  private record Sent(long sequence, long nanos, boolean measured) {}

  /**
   * @param first number of the first talk, which must be new
   */
  LiveLoad(BenchCluster cluster, Talk talk, int first, int talks) {
    this.cluster = cluster;
    this.talk = talk;
    this.first = first;
    this.talks = talks;
    this.interval = Duration.ofMillis(Talk.CHUNK_MILLIS).toNanos() / talks;
    for (int t = 0; t < talks; t++) {
      waiting.add(new ArrayDeque<>());
    }
  }

  /** Sends what is said in so much time, and takes in what comes. */
  void speak(Duration duration) {
    long until = nextAt + duration.toNanos();
    while (nextAt < until) {
      for (long now = System.nanoTime(); nextAt <= now && nextAt < until; nextAt += interval) {
        say(false);
      }
      collect();
    }
  }

  /** From now on, what is sent is measured. */
  void measure() {
    measuring = true;
  }

  /** Ends all talks and waits for their final summaries. */
  void finish() {
    measuring = false;
    for (int t = 0; t < talks; t++) {
      say(true);
    }
    cluster.flush();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (finished < talks) {
      if (System.nanoTime() - until > 0) {
        keptUp = false;
        // the next number of talks must not find these in its way
        until = System.nanoTime() + PATIENCE.multipliedBy(5).toNanos();
      }
      collect();
    }
  }

  /** Whether what was left over in the end was done in good time. */
  boolean isKeptUp() {
    return keptUp;
  }

  /**
   * From sending a chunk to the summary that followed it. Where summaries are of segments, most
   * chunks have none: a segment is over when a chunk ends its last sentence.
   */
  NanoSamples delays() {
    return delays;
  }

  private void say(boolean end) {
    int t = (int) (turn % talks);
    int sequence = (int) (turn / talks);
    turn++;
    TranscriptChunk chunk = talk.freshChunk("talk-" + (first + t), first + t, sequence, end);
    waiting.get(t).add(new Sent(sequence, System.nanoTime(), measuring));
    cluster.send(chunk, System.currentTimeMillis());
  }

  private void collect() {
    for (ConsumerRecord<byte[], byte[]> record : cluster.committed()) {
      String id = new String(record.key(), UTF_8);
      int t = Integer.parseInt(id.substring(id.indexOf('-') + 1)) - first;
      if (t >= 0 && t < talks) {
        take(waiting.get(t), AvroCodec.summary().decode(record.value()));
      }
    }
  }

  /** The chunk that a summary followed, of which a segment need not have all sentences. */
  private static long lastHeard(RollingSummary summary) {
    return summary.getEndMillis() / Talk.CHUNK_MILLIS - 1;
  }

  private void take(Deque<Sent> sent, RollingSummary summary) {
    Sent last = null;
    while (!sent.isEmpty() && sent.peek().sequence() <= lastHeard(summary)) {
      last = sent.remove();
    }
    if (last != null && last.measured()) {
      delays.add(System.nanoTime() - last.nanos());
    }
    if (summary.getFinal$()) {
      finished++;
    }
  }
}
