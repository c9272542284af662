package io.gistream.cli;

import io.gistream.kafka.CommittedRecords;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where in the chunks topic a replay begins. */
sealed interface ReplayStart {
  /** At the first record that is still there. */
  record Beginning() implements ReplayStart {}

  /** At this offset of every partition, or the nearest that there is. */
  record Offset(long offset) implements ReplayStart {}

  /** At the first record with this timestamp or a later one. */
  record Time(Instant time) implements ReplayStart {}

  default Map<TopicPartition, Long> offsets(
      CommittedRecords records, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> first = records.beginnings(partitions);
    if (this instanceof Time at) {
      return records.atTime(partitions, at.time().toEpochMilli());
    }
    if (this instanceof Offset from) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      records
          .ends(partitions)
          .forEach(
              (partition, end) ->
                  offsets.put(
                      partition,
                      Math.min(end, Math.max(first.getOrDefault(partition, 0L), from.offset()))));
      return offsets;
    }
    return first;
  }

  /** {@code beginning}, {@code offset:N} or {@code time:} and an ISO 8601 instant. */
  final class Converter implements ITypeConverter<ReplayStart> {
    @Override
    public ReplayStart convert(String text) {
      if (text.equals("beginning")) {
        return new Beginning();
      }
      if (text.matches("offset:\\d{1,18}")) {
        return new Offset(Long.parseLong(text.substring("offset:".length())));
      }
      if (text.startsWith("time:")) {
        try {
          return new Time(OffsetDateTime.parse(text.substring("time:".length())).toInstant());
        } catch (DateTimeException e) {
          throw new TypeConversionException(
              "'%s' is no time; write it like time:2026-11-22T10:00:00Z".formatted(text));
        }
      }
      throw new TypeConversionException(
          "'%s' must be beginning, offset:N or time:2026-11-22T10:00:00Z".formatted(text));
    }
  }
}
