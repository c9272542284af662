package io.gistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.replay.Finding.Kind;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a verification makes of the records of one stream. */
class StreamCheckTest {
  private static final List<ExpectedSummary> EXPECTED = new ArrayList<>();
  private static ExpectedSummary closing;

  @BeforeAll
  static void aTalkOfFive() {
    try (SummaryModel model = Talks.tinyModel()) {
      ReferenceFold fold = new ReferenceFold(model, SummaryOptions.defaults());
      for (int i = 0; i < 5; i++) {
        byte[] value = AvroCodec.chunk().encode(Talks.talk("t", 6, 1).get(i));
        EXPECTED.addAll(
            fold.accept(
                new ConsumerRecord<>(
                    "chunks",
                    0,
                    i,
                    i * 1000L,
                    TimestampType.CREATE_TIME,
                    1,
                    value.length,
                    "t".getBytes(UTF_8),
                    value,
                    new RecordHeaders(),
                    Optional.empty())));
      }
      closing = fold.ifClosedNow("t").orElseThrow();
    }
  }

  /** Records on the topic, at offsets 0, 1 and so on. */
  private static List<CommittedSummary> committed(RecordDigest... digests) {
    List<CommittedSummary> committed = new ArrayList<>();
    for (RecordDigest digest : digests) {
      committed.add(new CommittedSummary(0, committed.size(), digest));
    }
    return committed;
  }

  private static RecordDigest[] expected(int... which) {
    return Arrays.stream(which)
        .mapToObj(it -> EXPECTED.get(it).digest())
        .toArray(RecordDigest[]::new);
  }

  private static RecordDigest altered(ExpectedSummary summary) {
    return new RecordDigest(summary.digest().id(), 1, 2);
  }

  private static StreamCheck check(List<CommittedSummary> committed) {
    StreamCheck check = new StreamCheck("t", committed);
    EXPECTED.forEach(it -> check.expect(it, false));
    check.finish(false);
    return check;
  }

  private static List<Kind> kinds(StreamCheck check) {
    return check.findings().stream().map(Finding::kind).toList();
  }

  @Test
  void allThereInOrderIsEqual() {
    StreamCheck check = check(committed(expected(0, 1, 2, 3, 4)));

    assertThat(check.findings()).isEmpty();
    assertThat(check.compared()).isEqualTo(5);
    assertThat(check.compactedAway()).isZero();
  }

  @Test
  void whatIsMissingBeforeTheFirstIsCompactedAway() {
    StreamCheck check = check(committed(expected(3, 4)));

    assertThat(check.findings()).isEmpty();
    assertThat(check.compactedAway()).isEqualTo(3);
    assertThat(check.compared()).isEqualTo(2);
  }

  @Test
  void aHoleIsALoss() {
    StreamCheck check = check(committed(expected(0, 1, 4)));

    assertThat(kinds(check)).containsExactly(Kind.MISSING);
    Finding finding = check.findings().get(0);
    assertThat(finding.expected()).isEqualTo(EXPECTED.get(2));
    assertThat(finding.more()).isEqualTo(1);
    assertThat(finding.actual().offset()).as("the one before the hole").isEqualTo(1);
  }

  @Test
  void theLastOneMustBeThere() {
    assertThat(kinds(check(committed(expected(0, 1, 2, 3))))).containsExactly(Kind.MISSING);
    assertThat(kinds(check(List.of()))).containsExactly(Kind.MISSING);
  }

  @Test
  void theLastOneMayBeToCome() {
    StreamCheck check = new StreamCheck("t", committed(expected(0, 1, 2)));
    EXPECTED.forEach(it -> check.expect(it, it.causeOffset() >= 3));
    check.finish(false);

    assertThat(check.findings()).isEmpty();
    assertThat(check.pending()).isEqualTo(2);
  }

  @Test
  void aTopicThatDeletesMayHaveDeletedAll() {
    StreamCheck check = new StreamCheck("t", List.of());
    EXPECTED.forEach(it -> check.expect(it, false));
    check.finish(true);

    assertThat(check.findings()).isEmpty();
    assertThat(check.compactedAway()).isEqualTo(5);
  }

  @Test
  void theSameEventWithOtherContentDiffers() {
    RecordDigest[] digests = expected(0, 1, 2, 3, 4);
    digests[2] = altered(EXPECTED.get(2));

    StreamCheck check = check(committed(digests));

    assertThat(kinds(check)).containsExactly(Kind.DIFFERS);
    assertThat(check.findings().get(0).actual().offset()).isEqualTo(2);
    assertThat(check.findings().get(0).expected()).isEqualTo(EXPECTED.get(2));
  }

  @Test
  void aRecordThatNoChunkBringsIsUnexpected() {
    List<CommittedSummary> committed = committed(expected(0, 1, 2, 3, 4));
    committed.add(new CommittedSummary(0, 5, new RecordDigest(7, 8, 9)));
    committed.add(new CommittedSummary(0, 6, altered(EXPECTED.get(4))));

    StreamCheck check = check(committed);

    assertThat(kinds(check)).containsExactly(Kind.UNEXPECTED, Kind.UNEXPECTED);
    assertThat(check.sibling(committed.get(5))).isNull();
    assertThat(check.sibling(committed.get(6))).isEqualTo(committed.get(4));
  }

  @Test
  void theSameRecordAgainIsADuplicate() {
    assertThat(kinds(check(committed(expected(0, 1, 2, 2, 3, 4))))).containsExactly(Kind.TWICE);
    assertThat(kinds(check(committed(expected(0, 1, 2, 3, 4, 2))))).containsExactly(Kind.TWICE);
  }

  @Test
  void anotherOrderIsOutOfOrder() {
    assertThat(kinds(check(committed(expected(0, 2, 1, 3, 4))))).containsExactly(Kind.OUT_OF_ORDER);
  }

  @Test
  void aTimerMayHaveClosedTheTalkOrNot() {
    assertThat(closing.bySilence()).isTrue();
    List<CommittedSummary> committed = committed(expected(0, 1, 2, 3, 4));
    committed.add(new CommittedSummary(0, 5, closing.digest()));
    StreamCheck closed = new StreamCheck("t", committed);
    EXPECTED.forEach(it -> closed.expect(it, false));

    assertThat(closed.awaits(closing.id())).isTrue();
    assertThat(closed.expectIfThere(closing)).isTrue();
    assertThat(closed.expectIfThere(closing)).as("once").isFalse();
    closed.finish(false);
    assertThat(closed.findings()).isEmpty();
    assertThat(closed.compared()).isEqualTo(6);

    StreamCheck open = new StreamCheck("t", committed(expected(0, 1, 2, 3, 4)));
    EXPECTED.forEach(it -> open.expect(it, false));
    assertThat(open.expectIfThere(closing)).isFalse();
    open.finish(false);
    assertThat(open.findings()).isEmpty();
  }

  @Test
  void aFinalSummaryThatWasTamperedWithDiffersFromTheOneATimerWouldGive() {
    List<CommittedSummary> committed = committed(expected(0, 1, 2, 3, 4));
    committed.add(new CommittedSummary(0, 5, altered(closing)));
    StreamCheck check = new StreamCheck("t", committed);
    EXPECTED.forEach(it -> check.expect(it, false));

    assertThat(check.expectIfThere(closing)).isFalse();
    check.finish(false);

    assertThat(kinds(check)).containsExactly(Kind.DIFFERS);
    assertThat(check.findings().get(0).expected()).isEqualTo(closing);
  }

  private static ExpectedSummary tombstone(long timestamp) {
    return ExpectedSummary.tombstone("t", 9, timestamp);
  }

  private static StreamCheck erased(List<CommittedSummary> committed) {
    StreamCheck check = new StreamCheck("t", committed);
    EXPECTED.forEach(it -> check.expect(it, false));
    check.expect(tombstone(7), false);
    check.expect(tombstone(7), false);
    check.finish(false);
    return check;
  }

  @Test
  void whatWasErasedBeforeItWasReadIsNoLoss() {
    List<CommittedSummary> committed = committed(expected(0, 1, 2));
    committed.add(new CommittedSummary(0, 3, tombstone(7).digest()));
    committed.add(new CommittedSummary(0, 4, tombstone(7).digest()));

    StreamCheck check = erased(committed);

    assertThat(check.findings()).isEmpty();
    assertThat(check.compactedAway()).isEqualTo(2);
  }

  @Test
  void anErasedStreamMayHaveGoneAltogetherButNotItsTombstoneAlone() {
    assertThat(erased(List.of()).findings()).isEmpty();
    assertThat(kinds(erased(committed(expected(0, 1, 2, 3, 4))))).containsExactly(Kind.MISSING);
  }

  @Test
  void aFinalSummaryAtTheWrongPlaceIsUnexpected() {
    List<CommittedSummary> committed =
        committed(
            EXPECTED.get(0).digest(),
            closing.digest(),
            EXPECTED.get(1).digest(),
            EXPECTED.get(2).digest(),
            EXPECTED.get(3).digest(),
            EXPECTED.get(4).digest());

    StreamCheck check = new StreamCheck("t", committed);
    EXPECTED.forEach(it -> check.expect(it, false));
    assertThat(check.expectIfThere(closing)).isTrue();
    check.finish(false);

    assertThat(kinds(check)).containsExactly(Kind.OUT_OF_ORDER);
  }
}
