package io.gistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.model.SummaryModel;
import io.gistream.replay.Finding.Kind;
import io.gistream.serde.UndecodableException;
import io.gistream.stream.ChunkIntake;
import io.gistream.stream.ChunkIntake.Arrival;
import io.gistream.stream.TopicFormats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is committed on a summaries topic with what the chunks topic says must be there,
 * byte for byte. Reads, and changes nothing; the application may be running.
 *
 * <p>Kept in memory: some hundred bytes of each summary on the topic, and the sessions of the
 * streams of one partition between their first chunk and their last.
 */
public final class Verification {
  /** Differences that are shown; all are counted. */
  private static final int SHOWN = 10;

  private final CommittedRecords records;
  private final ConsumerGroups groups;
  private final Scope scope;
  private final SummaryModel model;
  private final SummaryOptions options;
  private final TopicFormats formats;
  private final ChunkIntake intake;

  private final List<Difference> first = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long chunks;
  private long streams;
  private long compared;
  private long compactedAway;
  private long pending;
  private long unchecked;
  private long differences;

  /**
   * What is compared.
   *
   * @param applicationId which wrote the summaries; says what it has not got round to yet
   */
  public record Scope(String chunksTopic, String summariesTopic, String applicationId) {}

  /** For topics in Avro single-object encoding. */
  public Verification(
      CommittedRecords records,
      ConsumerGroups groups,
      Scope scope,
      SummaryModel model,
      SummaryOptions options) {
    this(records, groups, scope, model, options, TopicFormats.singleObject());
  }

  public Verification(
      CommittedRecords records,
      ConsumerGroups groups,
      Scope scope,
      SummaryModel model,
      SummaryOptions options,
      TopicFormats formats) {
    this.records = records;
    this.groups = groups;
    this.scope = scope;
    this.model = model;
    this.options = options;
    this.formats = formats;
    this.intake = new ChunkIntake(formats.chunks(), options.maxCharacters());
  }

  /** How far it is. */
  public interface Progress {
    /** Called once, with the number of offsets to come. */
    LongConsumer begin(long total);
  }

  /** Does it; to be called once. */
  public VerificationReport run(Progress progress) {
    List<TopicPartition> partitions = records.partitions(scope.chunksTopic());
    List<TopicPartition> written = records.partitions(scope.summariesTopic());
    // the order of these matters: what is finished by now is on the summaries topic before its end
    // is looked up, and what is there then came from chunks that are before the end of theirs
    Unfinished unfinished =
        Unfinished.of(scope.applicationId(), scope.chunksTopic(), groups, records);
    Map<TopicPartition, Long> writtenFrom = records.beginnings(written);
    Map<TopicPartition, Long> writtenTo = records.settledEnds(written);
    Map<TopicPartition, Long> from = records.beginnings(partitions);
    Map<TopicPartition, Long> to = records.ends(partitions);
    if (unfinished.isUnknown()) {
      notes.add(
          "application %s has no committed offsets on %s: whatever has no summary counts as missing"
              .formatted(scope.applicationId(), scope.chunksTopic()));
    }

    Map<String, List<CommittedSummary>> index = index(written, writtenFrom, writtenTo);
    boolean summariesDeleted =
        options.retentionTombstone() || written.stream().anyMatch(it -> at(writtenFrom, it) > 0);
    long total = partitions.stream().mapToLong(it -> at(to, it) - at(from, it)).sum();
    LongConsumer done = progress.begin(total);
    long before = 0;
    boolean chunksLost = false;
    for (TopicPartition partition : partitions) {
      long begin = at(from, partition);
      long end = at(to, partition);
      long base = before - begin;
      new PartitionCheck(partition, begin, end, index, unfinished, summariesDeleted)
          .run(offset -> done.accept(base + offset));
      before += end - begin;
      chunksLost |= begin > 0;
    }
    for (Map.Entry<String, List<CommittedSummary>> left : index.entrySet()) {
      if (chunksLost) {
        unchecked++;
      } else {
        StreamCheck check = new StreamCheck(left.getKey(), left.getValue());
        check.finish(false);
        take(check);
      }
    }
    return new VerificationReport(
        scope.chunksTopic(),
        scope.summariesTopic(),
        partitions.size(),
        chunks,
        streams,
        compared,
        compactedAway,
        pending,
        unchecked,
        differences,
        List.copyOf(first),
        List.copyOf(notes));
  }

  private Map<String, List<CommittedSummary>> index(
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to) {
    Map<String, List<CommittedSummary>> index = new HashMap<>();
    for (TopicPartition partition : partitions) {
      records.read(
          partition,
          at(from, partition),
          at(to, partition),
          record ->
              index
                  .computeIfAbsent(streamId(record), id -> new ArrayList<>())
                  .add(CommittedSummary.of(record)));
    }
    return index;
  }

  private static String streamId(ConsumerRecord<byte[], byte[]> record) {
    byte @Nullable [] key = record.key();
    return key == null ? "" : new String(key, UTF_8);
  }

  private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  /** One partition of the chunks topic, from its beginning to its end. */
  private final class PartitionCheck {
    private final TopicPartition partition;
    private final long begin;
    private final long end;
    private final Map<String, List<CommittedSummary>> index;
    private final Unfinished unfinished;
    private final boolean summariesDeleted;
    private final ReferenceFold fold = new ReferenceFold(model, options, formats);
    private final Map<String, Long> lastOffsets = new HashMap<>();
    private final Map<String, StreamCheck> checks = new HashMap<>();

    /** Streams that began before the topic does. */
    private final Set<String> headless = new HashSet<>();

    PartitionCheck(
        TopicPartition partition,
        long begin,
        long end,
        Map<String, List<CommittedSummary>> index,
        Unfinished unfinished,
        boolean summariesDeleted) {
      this.partition = partition;
      this.begin = begin;
      this.end = end;
      this.index = index;
      this.unfinished = unfinished;
      this.summariesDeleted = summariesDeleted;
    }

    void run(LongConsumer done) {
      // once for the keys alone, so that a stream's session need not be kept behind its last chunk
      records.read(
          partition, begin, end, record -> lastOffsets.put(streamId(record), record.offset()));
      records.read(
          partition,
          begin,
          end,
          record -> {
            accept(record);
            done.accept(record.offset() + 1);
          });
      done.accept(end);
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) {
      chunks++;
      String streamId = streamId(record);
      if (isHeadless(streamId, record)) {
        return;
      }
      followTimers(streamId);
      List<ExpectedSummary> expected = fold.accept(record);
      if (fold.knows(streamId) || !expected.isEmpty()) {
        StreamCheck check =
            checks.computeIfAbsent(
                streamId,
                id -> {
                  List<CommittedSummary> committed = index.remove(id);
                  return new StreamCheck(id, committed == null ? List.of() : committed);
                });
        boolean isPending = unfinished.includes(partition, record.offset());
        expected.forEach(it -> check.expect(it, isPending));
      }
      if (lastOffsets.getOrDefault(streamId, -1L) == record.offset()) {
        followTimers(streamId);
        finish(streamId);
      }
    }

    /** Goes along with timers, if the topic shows that they went off at this point. */
    private void followTimers(String streamId) {
      StreamCheck check = checks.get(streamId);
      if (check != null && fold.mayBeClosedAs(streamId, check::awaits)) {
        fold.ifClosedNow(streamId)
            .filter(check::expectIfThere)
            .ifPresent(closed -> fold.close(streamId));
      }
      if (check != null) {
        fold.ifForgottenNow(streamId)
            .filter(check::expectIfThere)
            .ifPresent(forgotten -> fold.release(streamId));
      }
    }

    private void finish(String streamId) {
      fold.release(streamId);
      StreamCheck check = checks.remove(streamId);
      if (check == null) {
        return;
      }
      check.finish(summariesDeleted);
      if (begin > 0 && check.findings().stream().anyMatch(this::speaksOfLostChunks)) {
        unchecked++;
        return;
      }
      streams++;
      take(check);
    }

    /**
     * Whether the topic has lost the first chunks of the stream, to go by the first it has. A talk
     * that begins in the middle looks the same, and cannot be checked either.
     */
    private boolean isHeadless(String streamId, ConsumerRecord<byte[], byte[]> record) {
      if (begin == 0) {
        return false;
      }
      if (!headless.contains(streamId) && !fold.knows(streamId) && sequence(record) > 1) {
        headless.add(streamId);
        index.remove(streamId);
        unchecked++;
      }
      return headless.contains(streamId);
    }

    private long sequence(ConsumerRecord<byte[], byte[]> record) {
      Arrival arrival =
          new Arrival(
              record.topic(),
              record.partition(),
              record.offset(),
              record.timestamp(),
              record.key(),
              record.value(),
              record.headers());
      var chunk = intake.take(arrival).chunk();
      return chunk == null ? -1 : chunk.chunk().getSequence();
    }

    /** Whether a finding comes of a stream id that was used before the topic's beginning, too. */
    private boolean speaksOfLostChunks(Finding finding) {
      CommittedSummary actual = finding.actual();
      if (actual == null) {
        return false;
      }
      Optional<ConsumerRecord<byte[], byte[]>> found = fetch(actual);
      if (found.isEmpty()) {
        return false;
      }
      if (finding.expected() != null && finding.kind() == Kind.DIFFERS) {
        RollingSummary summary = decode(found.get().value());
        return summary != null && finding.expected().isNotOf(summary);
      }
      String prefix = partition.topic() + "-" + partition.partition() + "-";
      String id = text(found.get().headers().lastHeader(RecordDigest.ID_HEADER));
      return id.startsWith(prefix)
          && id.substring(prefix.length()).matches("\\d{1,18}")
          && Long.parseLong(id.substring(prefix.length())) < begin;
    }
  }

  private void take(StreamCheck check) {
    compared += check.compared();
    compactedAway += check.compactedAway();
    pending += check.pending();
    for (Finding finding : check.findings()) {
      if (finding.kind() == Kind.MISSING
          && finding.actual() != null
          && fetch(finding.actual()).isEmpty()) {
        compactedAway += 1 + finding.more(); // while this was running
        continue;
      }
      differences++;
      if (first.size() < SHOWN) {
        first.add(describe(finding, check));
      }
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> fetch(CommittedSummary committed) {
    return records.read(
        new TopicPartition(scope.summariesTopic(), committed.partition()), committed.offset());
  }

  // what is shown of a finding

  private Difference describe(Finding finding, StreamCheck check) {
    CommittedSummary actual = finding.actual();
    ExpectedSummary expected = finding.expected();
    boolean missing = finding.kind() == Kind.MISSING;
    return difference(
        finding,
        missing
            ? new FieldDifference(
                "(record)", expected == null ? "" : name(expected), FieldDifference.NOTHING)
            : actual == null ? nothing() : wrong(finding.kind(), expected, actual, check));
  }

  private static FieldDifference nothing() {
    return new FieldDifference("(record)", FieldDifference.NOTHING, FieldDifference.NOTHING);
  }

  private FieldDifference wrong(
      Kind kind, @Nullable ExpectedSummary expected, CommittedSummary actual, StreamCheck check) {
    Optional<ConsumerRecord<byte[], byte[]>> found = fetch(actual);
    if (found.isEmpty()) {
      return new FieldDifference("(record)", "", "compacted away by now");
    }
    ConsumerRecord<byte[], byte[]> record = found.get();
    if (kind == Kind.OUT_OF_ORDER) {
      return new FieldDifference("(order)", "before the record that it lies behind", name(record));
    }
    if (kind == Kind.TWICE) {
      return new FieldDifference("(record)", "once", "again: " + name(record));
    }
    if (expected != null) {
      return compare(expected.value(), expected.timestamp(), expected.headers(), record);
    }
    return Optional.ofNullable(check.sibling(actual))
        .flatMap(this::fetch)
        .map(it -> compare(it.value(), it.timestamp(), it.headers(), record))
        .orElseGet(() -> new FieldDifference("(record)", FieldDifference.NOTHING, name(record)));
  }

  private FieldDifference compare(
      byte @Nullable [] value,
      long timestamp,
      Headers headers,
      ConsumerRecord<byte[], byte[]> record) {
    if (timestamp != record.timestamp()) {
      return new FieldDifference(
          "timestamp", Long.toString(timestamp), Long.toString(record.timestamp()));
    }
    for (Header header : headers) {
      String expected = text(header);
      String actual = text(record.headers().lastHeader(header.key()));
      if (RecordDigest.isOurs(header.key()) && !expected.equals(actual)) {
        return new FieldDifference("headers." + header.key(), expected, actual);
      }
    }
    RollingSummary expected = decode(value);
    RollingSummary actual = decode(record.value());
    if (expected == null || actual == null) {
      return new FieldDifference("value", describe(value), describe(record.value()));
    }
    return FieldDifference.between(expected, actual)
        .orElseGet(
            () ->
                new FieldDifference(
                    "value", "the same summary in other bytes", describe(record.value())));
  }

  private static String describe(byte @Nullable [] value) {
    return value == null ? "a tombstone" : "%d bytes".formatted(value.length);
  }

  private @Nullable RollingSummary decode(byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    try {
      return formats.summaries().decode(value);
    } catch (UndecodableException e) {
      return null;
    }
  }

  private static String text(@Nullable Header header) {
    return header == null || header.value() == null
        ? FieldDifference.NOTHING
        : new String(header.value(), UTF_8);
  }

  private static String name(ExpectedSummary expected) {
    RollingSummary summary = expected.summary();
    return summary == null
        ? describe(expected.value())
        : "revision %d of epoch %d (%s)"
            .formatted(summary.getRevision(), summary.getEpoch(), expected.id());
  }

  private String name(ConsumerRecord<byte[], byte[]> record) {
    RollingSummary summary = decode(record.value());
    String id = text(record.headers().lastHeader(RecordDigest.ID_HEADER));
    return summary == null
        ? describe(record.value()) + " (" + id + ")"
        : "revision %d of epoch %d (%s)".formatted(summary.getRevision(), summary.getEpoch(), id);
  }

  private Difference difference(Finding finding, FieldDifference field) {
    CommittedSummary actual = finding.kind() == Kind.MISSING ? null : finding.actual();
    return new Difference(
        finding.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
        scope.summariesTopic(),
        actual == null ? -1 : actual.partition(),
        actual == null ? -1 : actual.offset(),
        finding.streamId(),
        field.path(),
        field.expected(),
        field.actual(),
        finding.more());
  }
}
