package io.gistream.stream;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.session.Outcome;
import io.gistream.session.Recollection;
import io.gistream.stream.ChunkIntake.Arrival;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a task sends on: summaries, tombstones and dead letters, in the transaction at hand. */
final class Output {
  private static final Logger LOG = LoggerFactory.getLogger(Output.class);

  private final ProcessorContext<byte[], Emission> context;
  private final SummarizerMetrics metrics;
  private final OutputLimits limits;
  private final SummaryOptions options;
  private final String modelSha256;

  Output(
      ProcessorContext<byte[], Emission> context,
      SummarizerMetrics metrics,
      OutputLimits limits,
      SummaryOptions options,
      String modelSha256) {
    this.context = context;
    this.metrics = metrics;
    this.limits = limits;
    this.options = options;
    this.modelSha256 = modelSha256;
  }

  /** What became of a chunk. */
  void send(Outcome outcome) {
    if (outcome instanceof Outcome.Revised revised) {
      send(revised);
    } else if (outcome instanceof Outcome.Dropped dropped) {
      drop(dropped);
    } else if (outcome instanceof Outcome.Corrected) {
      metrics.correction();
    } else if (outcome instanceof Outcome.Missed) {
      metrics.gap();
    } else if (outcome instanceof Outcome.Ungrounded ungrounded) {
      metrics.ungrounded(ungrounded.replaced(), ungrounded.removed());
    }
  }

  private void send(Outcome.Revised revised) {
    SummaryRecord record = SummaryRecord.of(revised, modelSha256);
    if (!limits.takesAnySummary()) {
      long bytes = record.sizeInBytes();
      if (!limits.takesSummary(bytes)) {
        keepBack(revised, bytes);
        return;
      }
    }
    context.forward(
        new Record<>(
            record.key(),
            new Emission.Summary(record.summary()),
            record.timestamp(),
            record.headers()));
    metrics.summary(context.currentSystemTimeMs() - record.timestamp());
  }

  /** A summary that its topic does not take; the next one of the stream may be smaller. */
  private void keepBack(Outcome.Revised revised, long bytes) {
    RuntimeException why =
        new InvalidChunkException(
            "revision %d of stream '%s' has %d bytes, and the summaries topic does not take it"
                .formatted(
                    revised.summary().getRevision(), revised.summary().getStreamId(), bytes));
    if (revised.cause() instanceof QueuedChunk cause && !cause.lost()) {
      sendDeadLetter(cause.entry(), why);
    } else {
      LOG.error("Not written: {}", why.getMessage());
    }
  }

  /** What repeats something is only counted; what says something new is kept as a dead letter. */
  private void drop(Outcome.Dropped dropped) {
    metrics.dropped(dropped.reason());
    TranscriptChunk chunk = dropped.said().chunk();
    Optional<String> lost =
        switch (dropped.reason()) {
          case DUPLICATE, STALE_DRAFT, EARLY_DRAFT, REPLACED, WAITED_TO_THE_END -> Optional.empty();
          case TOO_LATE ->
              Optional.of(
                  ("chunk %d of stream '%s' corrects a chunk, or fills a gap, that is more than"
                          + " %d segments (correction.horizon) or %d chunks back, or in a talk that"
                          + " is over")
                      .formatted(
                          chunk.getSequence(),
                          chunk.getStreamId(),
                          options.correctionHorizon(),
                          Recollection.MOST_HEARD));
          case BEHIND_THE_END ->
              Optional.of(
                  "chunk %d of stream '%s' came before the end marker and is numbered behind it"
                      .formatted(chunk.getSequence(), chunk.getStreamId()));
        };
    if (lost.isPresent() && dropped.said() instanceof QueuedChunk queued && !queued.lost()) {
      sendDeadLetter(queued.entry(), new InvalidChunkException(lost.get()));
    }
  }

  /**
   * A record that no stream takes.
   *
   * @param keepValue whether the dead letter has the record's value
   */
  void reject(Arrival arrival, RuntimeException why, boolean keepValue) {
    Headers headers =
        OutputHeaders.ofDeadLetter(
            arrival.headers(), arrival.topic(), arrival.partition(), arrival.offset(), why);
    DeadLetterRecord letter =
        keepValue
            ? DeadLetterRecord.of(arrival.key(), arrival.value(), headers, limits::takesDeadLetter)
            : DeadLetterRecord.withoutValue(
                arrival.key(), arrival.value(), headers, limits::takesDeadLetter);
    sendDeadLetter(letter, arrival.timestamp(), why);
  }

  /** A chunk that was taken and is of no use. */
  void sendDeadLetter(InboxEntry entry, RuntimeException why) {
    Headers headers =
        OutputHeaders.ofDeadLetter(
            OutputHeaders.restore(entry.getHeaders()),
            entry.getTopic(),
            entry.getPartition(),
            entry.getOffset(),
            why);
    DeadLetterRecord letter =
        DeadLetterRecord.of(
            QueuedChunk.bytes(entry.getKey()),
            QueuedChunk.bytes(entry.getValue()),
            headers,
            limits::takesDeadLetter);
    sendDeadLetter(letter, entry.getTimestamp(), why);
  }

  private void sendDeadLetter(DeadLetterRecord kept, long timestamp, RuntimeException why) {
    LOG.warn("Dead letter: {}", why.getMessage());
    @SuppressWarnings("NullAway") // Kafka takes null keys
    Record<byte[], Emission> letter =
        new Record<>(
            kept.key(),
            new Emission.DeadLetter(kept.value(), String.valueOf(why.getMessage())),
            Math.max(0, timestamp),
            kept.headers());
    context.forward(letter);
    metrics.deadLetter();
  }

  /** Takes the summary off the topic. */
  void forget(byte[] key, long timestamp) {
    context.forward(
        new Record<>(key, new Emission.Erased(), Math.max(0, timestamp), new RecordHeaders()));
  }
}
