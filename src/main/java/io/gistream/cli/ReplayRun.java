package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.config.BatchOptions;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.stream.GistreamStreams;
import io.gistream.stream.InternalTopics;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.stream.TopicFormats;
import io.opentelemetry.api.OpenTelemetry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The service once more, over what the chunks topic holds now, into topics of its own and under an
 * application id of its own; it ends by itself.
 */
final class ReplayRun implements AutoCloseable {
  private static final long LOOK_EVERY_MILLIS = 200;

  private final Settings settings;
  private final SummaryModel model;
  private final ConsumerGroups groups;
  private final CommittedRecords records;
  private final String applicationId;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "shutdown");

  /**
   * What a replay did.
   *
   * @param records of the chunks topic that it went over
   * @param lastOffsets of the chunks topic, by partition: where it would go on
   */
  record Result(
      String applicationId,
      String topic,
      String deadLettersTopic,
      long records,
      long summaries,
      long deadLetters,
      double seconds,
      Map<Integer, Long> lastOffsets) {}

  /**
   * @param settings of the replay: its topics, its application id
   */
  ReplayRun(
      Settings settings, SummaryModel model, ConsumerGroups groups, CommittedRecords records) {
    this.settings = settings;
    this.model = model;
    this.groups = groups;
    this.records = records;
    this.applicationId = settings.get(GistreamOptions.APPLICATION_ID);
  }

  /**
   * The settings of a replay.
   *
   * @param live those of the service
   * @param topic where the summaries go
   * @param applicationId null for one that stays the same for the same model and topic
   */
  static Settings settings(
      Settings live, SummaryModel model, String topic, @Nullable String applicationId) {
    String liveId = live.get(GistreamOptions.APPLICATION_ID);
    String id =
        applicationId == null
            ? liveId + "-replay-" + digest(model.sha256() + "\n" + topic)
            : applicationId;
    if (id.equals(liveId)) {
      throw new CommandFailure(
          "--application-id is %s, which is the service's own (application.id); give the replay another"
              .formatted(id));
    }
    String deadLetters = topic + "-dead-letters";
    for (var option :
        List.of(GistreamOptions.TOPICS_SUMMARIES, GistreamOptions.TOPICS_DEAD_LETTERS)) {
      if (List.of(topic, deadLetters).contains(live.get(option))) {
        throw new CommandFailure(
            "--to is %s, and the service writes to %s (%s); give another topic"
                .formatted(topic, live.get(option), option.name()));
      }
    }
    return live.with(GistreamOptions.APPLICATION_ID, id, "replay")
        .with(GistreamOptions.TOPICS_SUMMARIES, topic, "--to")
        .with(GistreamOptions.TOPICS_DEAD_LETTERS, deadLetters, "--to");
  }

  private static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Runs until all that the chunks topic holds now is summarised.
   *
   * @param from where to begin; null when it was not said, and then a replay that was broken off
   *     goes on
   */
  Result run(@Nullable ReplayStart from) throws InterruptedException {
    long began = System.nanoTime();
    String chunks = settings.get(GistreamOptions.TOPICS_CHUNKS);
    String topic = settings.get(GistreamOptions.TOPICS_SUMMARIES);
    String deadLetters = settings.get(GistreamOptions.TOPICS_DEAD_LETTERS);
    List<TopicPartition> partitions = partitions(chunks);
    Map<TopicPartition, Long> ends = records.ends(partitions);
    refuseWhileRunning();
    createTopics(partitions.size());
    Map<TopicPartition, Long> begin = begin(partitions, topic, from);
    Map<TopicPartition, Long> summariesBefore = records.ends(records.partitions(topic));
    Map<TopicPartition, Long> lettersBefore = records.ends(records.partitions(deadLetters));
    SummaryOptions options = SummaryOptions.from(settings);
    TopicFormats formats = Formats.of(settings).topics();
    RunningService.check(settings, model, options, formats);

    Runtime.getRuntime().addShutdownHook(hook);
    GistreamStreams streams =
        new GistreamStreams(
            Cluster.streamOptions(settings),
            options,
            BatchOptions.from(settings),
            formats,
            OpenTelemetry.noop(),
            model);
    try {
      streams.start(stop::countDown);
      awaitEnds(streams, begin, ends);
    } finally {
      if (!streams.leave()) {
        throw new CommandFailure("the streams did not stop; the reason is in the log above");
      }
    }
    return new Result(
        applicationId,
        topic,
        deadLetters,
        count(begin, ends),
        count(summariesBefore, records.settledEnds(records.partitions(topic))),
        count(lettersBefore, records.settledEnds(records.partitions(deadLetters))),
        (System.nanoTime() - began) / 1e9,
        byPartition(committed(begin)));
  }

  /** Deletes what the replay left behind beside its two topics. */
  void erase() {
    groups.erase(applicationId, InternalTopics.of(applicationId));
    Directories.delete(settings.get(GistreamOptions.STATE_DIR).resolve(applicationId));
  }

  private List<TopicPartition> partitions(String chunks) {
    List<TopicPartition> partitions = records.partitions(chunks);
    if (partitions.isEmpty()) {
      throw new CommandFailure("topic %s does not exist (topics.chunks)".formatted(chunks));
    }
    return partitions;
  }

  private void refuseWhileRunning() {
    int members = groups.members(applicationId);
    if (members > 0) {
      throw new CommandFailure(
          "application %s is running, with %d members; wait for it, or give another --application-id"
              .formatted(applicationId, members));
    }
  }

  /** As those of the service, with as many partitions as there are tasks. */
  private void createTopics(int partitions) {
    TopicLayout own =
        TopicLayout.of(
            settings.with(
                GistreamOptions.TOPICS_PARTITIONS, Integer.toString(partitions), "replay"));
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(own.topics().subList(1, 3));
    }
  }

  /** Where the application begins: at its committed offsets, or at those that this commits. */
  private Map<TopicPartition, Long> begin(
      List<TopicPartition> partitions, String topic, @Nullable ReplayStart from) {
    Map<TopicPartition, Long> committed = new HashMap<>(groups.committed(applicationId));
    committed.keySet().retainAll(partitions);
    if (!committed.isEmpty()) {
      if (from != null) {
        throw new CommandFailure(
            "application %s has begun this replay already; leave --from out to go on with it, or give another --application-id and topic"
                .formatted(applicationId));
      }
      Map<TopicPartition, Long> begin = records.beginnings(partitions);
      begin.putAll(committed);
      return begin;
    }
    List<TopicPartition> written = records.partitions(topic);
    if (count(records.beginnings(written), records.ends(written)) > 0) {
      throw new CommandFailure(
          "topic %s holds records of something else; give --to a topic that is new or empty"
              .formatted(topic));
    }
    // what an application of this name kept in its stores is of no use without its offsets
    erase();
    Map<TopicPartition, Long> begin =
        (from == null ? new ReplayStart.Beginning() : from).offsets(records, partitions);
    groups.begin(applicationId, begin);
    return begin;
  }

  private void awaitEnds(
      GistreamStreams streams, Map<TopicPartition, Long> begin, Map<TopicPartition, Long> ends)
      throws InterruptedException {
    long total = offsets(begin, ends);
    Map<TopicPartition, Long> before = Map.of();
    try (Progress progress = Progress.of("Replaying", total)) {
      while (true) {
        if (stop.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new CommandFailure(
              streams.anyThreadDead()
                  ? "the streams stopped; the reason is in the log above"
                  : "interrupted; the same command without --from goes on from here");
        }
        Map<TopicPartition, Long> committed = committed(begin);
        progress.stepTo(Math.min(total, offsets(begin, committed)));
        if (reached(committed, before, ends) && !isBehind(streams)) {
          return;
        }
        before = committed;
      }
    }
  }

  private Map<TopicPartition, Long> committed(Map<TopicPartition, Long> begin) {
    Map<TopicPartition, Long> committed = new HashMap<>(begin);
    groups.committed(applicationId).forEach((it, offset) -> committed.replace(it, offset));
    return committed;
  }

  /**
   * Whether nothing is left before the ends. Behind the last record of a transaction comes a marker
   * that nobody processes: an offset that stands still may be as good as the end.
   */
  private boolean reached(
      Map<TopicPartition, Long> committed,
      Map<TopicPartition, Long> before,
      Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      long at = committed.getOrDefault(end.getKey(), 0L);
      if (at < end.getValue()
          && (at != before.getOrDefault(end.getKey(), -1L)
              || hasRecords(end.getKey(), at, end.getValue()))) {
        return false;
      }
    }
    return true;
  }

  private boolean hasRecords(TopicPartition partition, long from, long to) {
    // further away there is a record for certain
    return to - from > 1000 || count(Map.of(partition, from), Map.of(partition, to)) > 0;
  }

  private static boolean isBehind(GistreamStreams streams) {
    try {
      return !streams.restored() || streams.isBehind();
    } catch (NotReadyException e) {
      return true;
    }
  }

  private long count(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
    AtomicLong count = new AtomicLong();
    to.forEach(
        (partition, end) ->
            records.read(
                partition,
                from.getOrDefault(partition, 0L),
                end,
                record -> count.incrementAndGet()));
    return count.get();
  }

  private static long offsets(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
    return to.entrySet().stream()
        .mapToLong(it -> it.getValue() - from.getOrDefault(it.getKey(), 0L))
        .sum();
  }

  private static Map<Integer, Long> byPartition(Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> byPartition = new TreeMap<>();
    offsets.forEach((partition, offset) -> byPartition.put(partition.partition(), offset));
    return byPartition;
  }

  private void stopAndWait() {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is running
    }
  }
}
