package io.gistream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Short talks, many at once. A new one begins whenever one ends; one in eight falls silent instead
 * of ending. So many chunks are under way that there is always something to read: the load is what
 * the machine bears. Event time goes by chunks, so that a slow machine meets no more silence than a
 * fast one.
 */
final class SoakLoad {
  static final int LIVE = 64;
  static final int OUTSTANDING = 256;
  static final int SHORTEST = 3;
  static final int LONGEST = 12;
  private static final int SILENT_EVERY = 8;

  /** Event time from one chunk to the next, whatever talk they are of. */
  static final Duration STEP = Duration.ofMillis(20);

  private final BenchCluster cluster;
  private final Talk talk;
  private final List<Live> live = new ArrayList<>();
  private int turn;
  private int talks;
  private long sent;
  private long summarised;
  private long time;

  /**
   * @param begin event time of the first chunk, milliseconds since the epoch
   */
  SoakLoad(BenchCluster cluster, Talk talk, long begin) {
    this.cluster = cluster;
    this.talk = talk;
    this.time = begin;
  }

  /** A talk under way. */
  private static final class Live {
    private final int number;
    private final int length;
    private int next;

    Live(int number) {
      this.number = number;
      this.length = SHORTEST + number % (LONGEST - SHORTEST + 1);
    }

    boolean ends() {
      return number % SILENT_EVERY != 0;
    }
  }

  /** Sends what may be sent, and waits a moment for summaries. */
  void step() {
    while (sent - summarised < OUTSTANDING) {
      sendNext();
    }
    collect();
  }

  private void sendNext() {
    if (live.size() < LIVE) {
      live.add(new Live(talks++));
    }
    turn = (turn + 1) % live.size();
    Live one = live.get(turn);
    boolean last = one.next == one.length - 1;
    cluster.send(talk.chunk("talk-" + one.number, one.number, one.next, last && one.ends()), time);
    time += STEP.toMillis();
    one.next++;
    sent++;
    if (last) {
      live.remove(turn);
    }
  }

  /** Lets time pass, and has somebody say one thing in every partition then. */
  void tick(int number, int partitions, Duration passed) {
    time += passed.toMillis();
    for (int p = 0; p < partitions; p++) {
      cluster.send(talk.chunk("clock-" + number + "-" + p, number, 0, true), time, p);
      sent++;
    }
    cluster.flush();
  }

  void collect() {
    summarised += cluster.committed().stream().filter(SoakLoad::isOfChunk).count();
  }

  /** Not a final summary for lack of chunks. */
  private static boolean isOfChunk(ConsumerRecord<byte[], byte[]> summary) {
    return summary.value() != null
        && !new String(summary.headers().lastHeader("ce_id").value(), UTF_8).endsWith("-final");
  }

  boolean isDone() {
    return summarised == sent;
  }

  long summarised() {
    return summarised;
  }

  int talks() {
    return talks;
  }
}
