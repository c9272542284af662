package io.gistream.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.config.Settings;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.ConsumerGroups;
import io.gistream.model.SummaryModel;
import io.gistream.replay.Verification;
import io.gistream.replay.VerificationReport;
import io.gistream.serde.AvroCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** What must be true when the storm is over. */
final class Checks {
  static final String DIFFERENCE = "differences that replay --verify finds";

  private static final int MOST_TOLD = 40;
  private static final Duration CONNECT = Duration.ofSeconds(60);

  private final ChaosOptions options;
  private final String bootstrapServers;
  private final CommittedReader reader;
  private final Admin admin;
  private final Feeder feeder;
  private final ProcessorFleet processors;
  private final List<String> differences = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();

  /** By partition and offset: what came in. */
  private final Map<Integer, Map<Long, ConsumerRecord<byte[], byte[]>>> chunks = new HashMap<>();

  /** Places of the records whose dead letters were found. */
  private final Set<String> letters = new LinkedHashSet<>();

  Checks(
      ChaosOptions options,
      String bootstrapServers,
      CommittedReader reader,
      Admin admin,
      Feeder feeder,
      ProcessorFleet processors) {
    this.options = options;
    this.bootstrapServers = bootstrapServers;
    this.reader = reader;
    this.admin = admin;
    this.feeder = feeder;
    this.processors = processors;
  }

  void everything() throws Exception {
    offsets();
    transactions();
    summaries();
    deadLetters();
    state();
  }

  /** In words, the first of them. */
  List<String> differences() {
    return differences;
  }

  long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  private void differ(String kind, String what) {
    counts.merge(kind, 1L, Long::sum);
    if (differences.size() < MOST_TOLD) {
      differences.add(kind + ": " + what);
    }
  }

  private void count(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  // what was committed, and what one thread works out

  /** What {@code gistream replay --verify} says. */
  private void summaries() {
    count();
    Map<String, Object> client = Map.of("bootstrap.servers", bootstrapServers);
    try (CommittedRecords records = CommittedRecords.connect(client, CONNECT);
        ConsumerGroups groups = ConsumerGroups.connect(client, CONNECT);
        SummaryModel model =
            options.model().map(SummaryModel::load).orElseGet(SummaryModel::bundled)) {
      VerificationReport report =
          new Verification(
                  records,
                  groups,
                  new Verification.Scope(
                      ProcessorFleet.CHUNKS, ProcessorFleet.SUMMARIES, ProcessorFleet.GROUP),
                  model,
                  summaryOptions())
              .run(total -> done -> {});
      report.first().forEach(difference -> differ(DIFFERENCE, difference.toString()));
      counts.put(DIFFERENCE, report.differences());
      // it allows for compaction, which there is none of here
      if (report.compactedAway() + report.pending() + report.unchecked() > 0
          || report.compared() != count("summaries") + count("tombstones")) {
        differ("summaries missing or not looked at", report.toString());
      }
    }
  }

  private SummaryOptions summaryOptions() {
    List<String> assignments = new ArrayList<>();
    processors.settings().forEach((name, value) -> assignments.add(name + "=" + value));
    return SummaryOptions.from(Settings.load(assignments, Map.of(), null));
  }

  /** Counts what is there, and looks whether every talk has come to its end. */
  private void count() {
    for (TopicPartition partition : CommittedReader.partitions(ProcessorFleet.CHUNKS)) {
      reader.read(partition, record -> count("chunks", 1));
    }
    Map<String, ConsumerRecord<byte[], byte[]>> last = new TreeMap<>();
    for (TopicPartition partition : CommittedReader.partitions(ProcessorFleet.SUMMARIES)) {
      reader.read(
          partition,
          record -> {
            count(record.value() == null ? "tombstones" : "summaries", 1);
            last.put(new String(record.key(), UTF_8), record);
          });
    }
    last.forEach(
        (stream, record) -> {
          if (record.value() != null && !AvroCodec.summary().decode(record.value()).getFinal$()) {
            differ("talk without a final summary", stream);
          }
        });
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  // dead letters

  private void deadLetters() {
    for (int partition = 0; partition < ChaosOptions.PARTITIONS; partition++) {
      Map<Long, ConsumerRecord<byte[], byte[]>> originals = new HashMap<>();
      reader.read(
          new TopicPartition(ProcessorFleet.CHUNKS, partition),
          record -> originals.put(record.offset(), record));
      chunks.put(partition, originals);
    }
    for (int partition = 0; partition < ChaosOptions.PARTITIONS; partition++) {
      reader.read(new TopicPartition(ProcessorFleet.DEAD_LETTERS, partition), this::deadLetter);
    }
    feeder
        .poison()
        .forEach(
            (partition, messages) ->
                messages.forEach(
                    (offset, message) -> {
                      if (!letters.contains(partition + "-" + offset)) {
                        differ(
                            "dead letter missing",
                            message.kind() + " of chunks-" + partition + "@" + offset);
                      }
                    }));
  }

  /**
   * Once, as it came, and for a reason: it is poison, or a chunk that has something to say too
   * late.
   */
  private void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    count("dead letters", 1);
    int partition = Integer.parseInt(header(record, "__streams.errors.partition"));
    long offset = Long.parseLong(header(record, "__streams.errors.offset"));
    String why = header(record, "__streams.errors.message");
    String place = "chunks-" + partition + "@" + offset;
    ConsumerRecord<byte[], byte[]> original = chunks.get(partition).get(offset);
    boolean poison = feeder.poison().getOrDefault(partition, Map.of()).containsKey(offset);
    boolean tooLate = why.contains("(correction.horizon)") || why.contains("the end marker");
    if (!letters.add(partition + "-" + offset)) {
      differ("dead letter twice", place + ": " + why);
    } else if (original == null || !(poison || tooLate)) {
      differ("dead letter not expected", place + ": " + why);
    } else if (!Arrays.equals(original.key(), record.key())
        || !Arrays.equals(original.value(), record.value())
        || original.timestamp() != record.timestamp()) {
      differ("dead letter differs", place + ": " + why);
    }
    if (!poison) {
      count("chunks too late", 1);
    }
  }

  // what is left behind

  private void offsets() throws Exception {
    var committed =
        ask(
            () ->
                admin
                    .listConsumerGroupOffsets(ProcessorFleet.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get());
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    CommittedReader.partitions(ProcessorFleet.CHUNKS)
        .forEach(p -> latest.put(p, OffsetSpec.latest()));
    ends(latest, IsolationLevel.READ_UNCOMMITTED)
        .forEach(
            (partition, end) -> {
              var offset = committed.get(partition);
              long at = offset == null ? 0 : offset.offset();
              if (at != end.offset()) {
                differ(
                    "offset", "%s is committed at %d of %d".formatted(partition, at, end.offset()));
              }
            });
  }

  private void transactions() throws Exception {
    for (TransactionListing transaction : ask(() -> admin.listTransactions().all().get())) {
      if (transaction.state() != TransactionState.EMPTY
          && transaction.state() != TransactionState.COMPLETE_COMMIT
          && transaction.state() != TransactionState.COMPLETE_ABORT) {
        differ(
            "transaction left open", transaction.transactionalId() + " is " + transaction.state());
      }
    }
    Set<TopicPartition> written = new LinkedHashSet<>();
    for (var topic :
        admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values()) {
      if (!topic.name().equals(ProcessorFleet.CHUNKS)) {
        topic
            .partitions()
            .forEach(p -> written.add(new TopicPartition(topic.name(), p.partition())));
      }
    }
    ask(() -> admin.describeProducers(written).all().get())
        .forEach(
            (partition, producers) ->
                producers
                    .activeProducers()
                    .forEach(
                        producer ->
                            producer
                                .currentTransactionStartOffset()
                                .ifPresent(
                                    offset ->
                                        differ(
                                            "transaction left open",
                                            partition + " since offset " + offset))));
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    written.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    var stable = ends(latest, IsolationLevel.READ_COMMITTED);
    ends(latest, IsolationLevel.READ_UNCOMMITTED)
        .forEach(
            (partition, end) -> {
              long last = stable.get(partition).offset();
              if (last != end.offset()) {
                differ(
                    "not stable",
                    "%s is stable up to %d of %d".formatted(partition, last, end.offset()));
              }
            });
  }

  /** Of streams whose retention is over, no store keeps anything. */
  private void state() throws Exception {
    kept().stream()
        .filter(key -> !key.startsWith(Traffic.CLOSING))
        .forEach(key -> differ("state left over", key));
  }

  /** Of streams that were erased just now, no store keeps anything. */
  void erased(Set<String> streams) throws Exception {
    count("streams erased at the end", streams.size());
    kept().stream()
        .filter(key -> streams.stream().anyMatch(key::startsWith))
        .forEach(key -> differ("state of an erased stream", key));
  }

  /** Keys of all stores, as their changelogs have them; each begins with a stream id. */
  private Set<String> kept() throws Exception {
    Set<String> kept = new TreeSet<>();
    for (String changelog : changelogs(admin)) {
      for (TopicPartition partition : CommittedReader.partitions(changelog)) {
        reader.read(
            partition,
            record -> {
              String key = new String(record.key(), ISO_8859_1) + " in " + partition;
              if (record.value() == null) {
                kept.remove(key);
              } else {
                kept.add(key);
              }
            });
      }
    }
    return kept;
  }

  static List<String> changelogs(Admin admin) throws Exception {
    return ask(() -> admin.listTopics().names().get()).stream()
        .filter(topic -> topic.endsWith("-changelog"))
        .sorted()
        .toList();
  }

  private Map<TopicPartition, ListOffsetsResultInfo> ends(
      Map<TopicPartition, OffsetSpec> latest, IsolationLevel isolation) throws Exception {
    return ask(() -> admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all().get());
  }

  /** Asks again when a broker that was down a moment ago is asked over a connection of then. */
  private static <T> T ask(Callable<T> question) throws Exception {
    AtomicReference<T> answer = new AtomicReference<>();
    Wait.until(
        "the brokers answer",
        Duration.ofMinutes(2),
        () -> {
          answer.set(question.call());
          return true;
        });
    return answer.get();
  }
}
