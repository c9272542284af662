package io.gistream.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.TranscriptChunk;
import io.gistream.feed.DeadLetterNote.Source;
import io.gistream.serde.UndecodableException;
import io.gistream.stream.TopicFormats;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Records of Kafka as records of the feed. */
final class FeedDecoder {
  /** {@code ce_id} of a summary that a chunk brought about: its topic, partition and offset. */
  private static final Pattern CAUSE = Pattern.compile("(.*)-(\\d{1,9})-(\\d{1,18})");

  private static final String ERRORS = "__streams.errors.";

  private final String chunksTopic;
  private final TopicFormats formats;

  FeedDecoder(FeedTopics topics) {
    this.chunksTopic = topics.chunks();
    this.formats = topics.formats();
  }

  /** Empty for an erasure, and for what is no chunk: a dead letter speaks of that. */
  Optional<FeedRecord> chunk(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return Optional.empty();
    }
    try {
      TranscriptChunk chunk =
          formats.chunks().decode(record.key(), record.value(), record.headers());
      return chunk.getStreamId().equals(new String(record.key(), UTF_8))
          ? Optional.of(new FeedRecord.Chunk(chunk, position(record), record.timestamp()))
          : Optional.empty();
    } catch (RetriableException e) {
      throw e;
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Empty for what is no summary of ours. */
  Optional<FeedRecord> summary(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return Optional.empty();
    }
    if (record.value() == null) {
      return Optional.of(
          new FeedRecord.Erased(
              new String(record.key(), UTF_8), position(record), record.timestamp()));
    }
    try {
      return Optional.of(
          new FeedRecord.Summary(
              formats.summaries().decode(record.value()),
              position(record),
              record.timestamp(),
              cause(record)));
    } catch (UndecodableException e) {
      return Optional.empty();
    }
  }

  private @Nullable Position cause(ConsumerRecord<byte[], byte[]> record) {
    Matcher id = CAUSE.matcher(text(record, "ce_id"));
    return id.matches() && id.group(1).equals(chunksTopic)
        ? new Position(Integer.parseInt(id.group(2)), Long.parseLong(id.group(3)))
        : null;
  }

  DeadLetterNote deadLetter(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetterNote(
        record.key() == null ? null : new String(record.key(), UTF_8),
        record.timestamp(),
        text(record, ERRORS + "exception"),
        text(record, ERRORS + "message"),
        new Source(
            text(record, ERRORS + "topic"),
            (int) number(text(record, ERRORS + "partition")),
            number(text(record, ERRORS + "offset"))),
        record.partition(),
        record.offset(),
        record.value() == null ? 0 : record.value().length);
  }

  private static Position position(ConsumerRecord<byte[], byte[]> record) {
    return new Position(record.partition(), record.offset());
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
    Header found = record.headers().lastHeader(header);
    return found == null || found.value() == null ? "" : new String(found.value(), UTF_8);
  }

  private static long number(String text) {
    return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : -1;
  }
}
