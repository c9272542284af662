package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.kafka.CommittedRecords;
import io.gistream.stream.DeadLetter;
import io.gistream.stream.DeadLetter.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** What is on the dead letters topic. */
final class DeadLetters {
  /** Offsets that are looked at together on the way back from the end. */
  private static final long WINDOW = 500;

  private static final Comparator<DeadLetter> IN_ORDER =
      Comparator.comparing((DeadLetter letter) -> letter.position().partition())
          .thenComparing(letter -> letter.position().offset());

  private static final Comparator<DeadLetter> NEWEST_FIRST =
      Comparator.comparing(DeadLetter::timestamp).thenComparing(IN_ORDER).reversed();

  private final CommittedRecords records;
  private final String topic;

  DeadLetters(CommittedRecords records, String topic) {
    this.records = records;
    this.topic = topic;
  }

  /** The last ones by the time of their records, as far as each partition's end tells. */
  List<DeadLetter> newest(int most, Predicate<DeadLetter> wanted) {
    List<TopicPartition> partitions = records.partitions(topic);
    Map<TopicPartition, Long> beginnings = records.beginnings(partitions);
    List<DeadLetter> found = new ArrayList<>();
    records
        .ends(partitions)
        .forEach(
            (partition, end) -> {
              long beginning = beginnings.getOrDefault(partition, 0L);
              int before = found.size();
              long to = end;
              while (to > beginning && found.size() - before < most) {
                long from = Math.max(beginning, to - WINDOW);
                read(partition, from, to, wanted, found);
                to = from;
              }
            });
    return found.stream().sorted(NEWEST_FIRST).limit(most).toList();
  }

  /** Those at or behind an offset, in the order of each partition. */
  List<DeadLetter> from(long offset, Predicate<DeadLetter> wanted) {
    List<TopicPartition> partitions = records.partitions(topic);
    Map<TopicPartition, Long> beginnings = records.beginnings(partitions);
    List<DeadLetter> found = new ArrayList<>();
    records
        .ends(partitions)
        .forEach(
            (partition, end) ->
                read(
                    partition,
                    Math.max(offset, beginnings.getOrDefault(partition, 0L)),
                    end,
                    wanted,
                    found));
    return found.stream().sorted(IN_ORDER).toList();
  }

  private void read(
      TopicPartition partition,
      long from,
      long to,
      Predicate<DeadLetter> wanted,
      List<DeadLetter> found) {
    records.read(
        partition,
        from,
        to,
        record -> {
          DeadLetter letter = DeadLetter.of(record);
          if (wanted.test(letter)) {
            found.add(letter);
          }
        });
  }

  /** One of them. */
  Optional<DeadLetter> at(int partition, long offset) {
    TopicPartition there = new TopicPartition(topic, partition);
    List<TopicPartition> partitions = records.partitions(topic);
    if (!partitions.contains(there)
        || offset < records.beginnings(List.of(there)).getOrDefault(there, 0L)
        || offset >= records.ends(List.of(there)).getOrDefault(there, 0L)) {
      return Optional.empty();
    }
    return records.read(there, offset).map(DeadLetter::of);
  }

  /**
   * Which of these were put back, by what is on the topics they came from, behind where they came
   * from.
   */
  Set<Position> requeued(List<DeadLetter> letters) {
    Map<TopicPartition, Long> behind = new HashMap<>();
    Map<String, Position> known = new HashMap<>();
    for (DeadLetter letter : letters) {
      Position source = letter.source();
      known.put(letter.position().toString(), letter.position());
      if (source != null) {
        TopicPartition partition = new TopicPartition(source.topic(), source.partition());
        behind.merge(partition, source.offset() + 1, Math::min);
      }
    }
    Set<Position> requeued = new HashSet<>();
    behind.forEach(
        (partition, from) -> {
          if (records.partitions(partition.topic()).contains(partition)) {
            long beginning = records.beginnings(List.of(partition)).getOrDefault(partition, 0L);
            long end = records.settledEnds(List.of(partition)).getOrDefault(partition, 0L);
            records.read(
                partition,
                Math.max(beginning, from),
                end,
                record -> {
                  Header header = record.headers().lastHeader(DeadLetter.REQUEUED);
                  if (header != null && header.value() != null) {
                    Position position = known.get(new String(header.value(), UTF_8));
                    if (position != null) {
                      requeued.add(position);
                    }
                  }
                });
          }
        });
    return requeued;
  }

  /** Whether a letter is of a stream; of any when none is given. */
  static Predicate<DeadLetter> ofStream(Optional<String> streamId) {
    return letter ->
        streamId.isEmpty()
            || (letter.key() != null && new String(letter.key(), UTF_8).equals(streamId.get()));
  }
}
