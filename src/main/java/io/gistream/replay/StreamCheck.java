package io.gistream.replay;

import io.gistream.replay.Finding.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the records of one stream, as they lie on the summaries topic, against those that its
 * chunks bring about, one by one.
 *
 * <p>Compaction takes away records of a key that have a later one, from the beginning of the topic
 * up to some offset. So what is missing before the first record that is there is nothing to worry
 * about; what is missing between two or behind the last is.
 */
final class StreamCheck {
  private final String streamId;
  private final List<CommittedSummary> committed;
  private final BitSet matched = new BitSet();
  private final List<Finding> findings = new ArrayList<>();

  /** Behind the last record matched. */
  private int next;

  private @Nullable ExpectedSummary last;
  private @Nullable ExpectedSummary almost;
  private long compared;
  private long compactedAway;
  private long pending;

  // expected since the last one that was there
  private @Nullable ExpectedSummary firstMissing;
  private long missing;
  private long missingPending;

  /**
   * @param committed all records of the stream, in the order of their offsets
   */
  StreamCheck(String streamId, List<CommittedSummary> committed) {
    this.streamId = streamId;
    this.committed = committed;
  }

  /** Whether a record of this event is there and not explained yet. */
  boolean awaits(String id) {
    return find(RecordDigest.idOf(id)) >= 0;
  }

  /**
   * A record that a timer may have brought about at this point, or not.
   *
   * @return whether it is there; it counts as expected then
   */
  boolean expectIfThere(ExpectedSummary closing) {
    int at = find(closing.digest().id());
    if (at < 0) {
      return false;
    }
    if (!committed.get(at).digest().equals(closing.digest())) {
      almost = closing; // of another point, or wrong: the end will tell
      return false;
    }
    expect(closing, false);
    return true;
  }

  /**
   * The next record that must be there.
   *
   * @param isPending whether it may still be to come
   */
  void expect(ExpectedSummary expected, boolean isPending) {
    int at = find(expected.digest().id());
    if (at < 0) {
      missing++;
      if (isPending) {
        missingPending++;
      } else if (firstMissing == null) {
        firstMissing = expected;
      }
      last = expected;
      return;
    }
    CommittedSummary actual = committed.get(at);
    if (expected.isTombstone()) {
      supersedeMissing(); // chunks that were not read yet are erased with the rest
    }
    explainMissing();
    boolean again = last != null && !last.isTombstone() && last.digest().equals(expected.digest());
    if (again) {
      find(Kind.TWICE, expected, actual);
    } else if (at < next || expected.comesBefore(last)) {
      find(Kind.OUT_OF_ORDER, expected, actual);
    } else if (!actual.digest().equals(expected.digest())) {
      find(Kind.DIFFERS, expected, actual);
    }
    compared++;
    matched.set(at);
    next = Math.max(next, at + 1);
    last = expected;
  }

  private void supersedeMissing() {
    compactedAway += missing;
    missing = 0;
  }

  /** What was missing before a record that is there. */
  private void explainMissing() {
    if (matched.isEmpty()) {
      supersedeMissing();
    } else if (missing > 0) {
      findings.add(
          new Finding(Kind.MISSING, streamId, firstMissing, committed.get(next - 1), missing - 1));
    }
    firstMissing = null;
    missing = 0;
    missingPending = 0;
  }

  /**
   * No more is expected.
   *
   * @param mayBeDeleted whether the topic has lost whole keys, by retention
   */
  void finish(boolean mayBeDeleted) {
    // a tombstone goes too, some time after all that it stands for
    boolean erased = last != null && last.isTombstone();
    if (committed.isEmpty() && (mayBeDeleted || erased)) {
      compactedAway += missing - missingPending;
    } else if (firstMissing != null) {
      // older ones may have been compacted away; the last one cannot
      findings.add(
          new Finding(Kind.MISSING, streamId, firstMissing, null, missing - missingPending - 1));
    }
    pending += missingPending;
    for (int at = matched.nextClearBit(0);
        at < committed.size();
        at = matched.nextClearBit(at + 1)) {
      findings.add(unexplained(committed.get(at)));
    }
  }

  private Finding unexplained(CommittedSummary left) {
    if (almost != null && almost.digest().id() == left.digest().id()) {
      return new Finding(Kind.DIFFERS, streamId, almost, left, 0);
    }
    boolean again =
        matched.stream().anyMatch(it -> committed.get(it).digest().equals(left.digest()));
    return new Finding(again ? Kind.TWICE : Kind.UNEXPECTED, streamId, null, left, 0);
  }

  /** A record of the same event that was expected, for one that was not. */
  @Nullable CommittedSummary sibling(CommittedSummary unexpected) {
    return matched.stream()
        .mapToObj(committed::get)
        .filter(it -> it.digest().id() == unexpected.digest().id())
        .findFirst()
        .orElse(null);
  }

  private void find(Kind kind, ExpectedSummary expected, CommittedSummary actual) {
    findings.add(new Finding(kind, streamId, expected, actual, 0));
  }

  /** The first unexplained record of an event, if possible behind those explained; or -1. */
  private int find(long id) {
    for (int at = matched.nextClearBit(next);
        at < committed.size();
        at = matched.nextClearBit(at + 1)) {
      if (committed.get(at).digest().id() == id) {
        return at;
      }
    }
    for (int at = matched.nextClearBit(0); at < next; at = matched.nextClearBit(at + 1)) {
      if (committed.get(at).digest().id() == id) {
        return at;
      }
    }
    return -1;
  }

  List<Finding> findings() {
    return findings;
  }

  long compared() {
    return compared;
  }

  long compactedAway() {
    return compactedAway;
  }

  long pending() {
    return pending;
  }
}
