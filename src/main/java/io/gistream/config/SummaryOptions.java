package io.gistream.config;

import java.time.Duration;

/**
 * What decides the summary of a talk. Times are event times: two runs over the same records with
 * the same options give the same summaries.
 *
 * @param segmentMinTokens tokens from which a segment is long enough to be folded
 * @param segmentMaxTokens most tokens of a segment; a longer chunk is split
 * @param segmentMaxAge age at which an open segment is folded however short it is
 * @param budgetWords most words of a summary
 * @param orderingGrace how long a chunk waits for the ones missing before it
 * @param maxWaiting most chunks of one stream that wait for missing ones
 * @param maxCharacters most characters of a chunk; a longer one is a dead letter
 * @param idleTimeout silence after which a talk ends
 * @param retention how long the state of an ended talk is kept
 * @param retentionTombstone whether its last summary leaves the topic with it
 * @param checkpointInterval segments between two checkpoints of the memory
 * @param correctionHorizon segments back to which a correction is taken in
 * @param summaryEvery after what a summary is given
 */
public record SummaryOptions(
    int segmentMinTokens,
    int segmentMaxTokens,
    Duration segmentMaxAge,
    int budgetWords,
    Duration orderingGrace,
    int maxWaiting,
    int maxCharacters,
    Duration idleTimeout,
    Duration retention,
    boolean retentionTombstone,
    int checkpointInterval,
    int correctionHorizon,
    SummaryEvery summaryEvery) {

  /** After what a summary is given; final ones and those that a correction brings always are. */
  public enum SummaryEvery {
    /** Each chunk, what is still open included. */
    CHUNK,
    /** Each segment that enters the memory. */
    SEGMENT
  }

  /** The values of {@code docs/configuration.md}. */
  public static SummaryOptions defaults() {
    return from(Settings.defaults());
  }

  public static SummaryOptions from(Settings settings) {
    return new SummaryOptions(
        settings.get(GistreamOptions.SEGMENT_MIN_TOKENS),
        settings.get(GistreamOptions.SEGMENT_MAX_TOKENS),
        settings.get(GistreamOptions.SEGMENT_MAX_AGE),
        settings.get(GistreamOptions.SUMMARY_BUDGET_WORDS),
        settings.get(GistreamOptions.ORDERING_GRACE),
        settings.get(GistreamOptions.ORDERING_MAX_WAITING),
        settings.get(GistreamOptions.CHUNK_MAX_CHARACTERS),
        settings.get(GistreamOptions.SESSION_IDLE_TIMEOUT),
        settings.get(GistreamOptions.SESSION_RETENTION),
        settings.get(GistreamOptions.SESSION_RETENTION_TOMBSTONE),
        settings.get(GistreamOptions.MEMORY_CHECKPOINT_INTERVAL),
        settings.get(GistreamOptions.CORRECTION_HORIZON),
        settings.get(GistreamOptions.SUMMARY_EVERY));
  }

  public SummaryOptions withSegmentTokens(int min, int max) {
    return new SummaryOptions(
        min,
        max,
        segmentMaxAge,
        budgetWords,
        orderingGrace,
        maxWaiting,
        maxCharacters,
        idleTimeout,
        retention,
        retentionTombstone,
        checkpointInterval,
        correctionHorizon,
        summaryEvery);
  }

  public SummaryOptions withIdleTimeout(Duration timeout, Duration kept) {
    return new SummaryOptions(
        segmentMinTokens,
        segmentMaxTokens,
        segmentMaxAge,
        budgetWords,
        orderingGrace,
        maxWaiting,
        maxCharacters,
        timeout,
        kept,
        retentionTombstone,
        checkpointInterval,
        correctionHorizon,
        summaryEvery);
  }

  public SummaryOptions withCheckpoints(int interval, int horizon) {
    return new SummaryOptions(
        segmentMinTokens,
        segmentMaxTokens,
        segmentMaxAge,
        budgetWords,
        orderingGrace,
        maxWaiting,
        maxCharacters,
        idleTimeout,
        retention,
        retentionTombstone,
        interval,
        horizon,
        summaryEvery);
  }

  public SummaryOptions withBudgetWords(int words) {
    return new SummaryOptions(
        segmentMinTokens,
        segmentMaxTokens,
        segmentMaxAge,
        words,
        orderingGrace,
        maxWaiting,
        maxCharacters,
        idleTimeout,
        retention,
        retentionTombstone,
        checkpointInterval,
        correctionHorizon,
        summaryEvery);
  }

  public SummaryOptions withSummaryEvery(SummaryEvery every) {
    return new SummaryOptions(
        segmentMinTokens,
        segmentMaxTokens,
        segmentMaxAge,
        budgetWords,
        orderingGrace,
        maxWaiting,
        maxCharacters,
        idleTimeout,
        retention,
        retentionTombstone,
        checkpointInterval,
        correctionHorizon,
        every);
  }
}
