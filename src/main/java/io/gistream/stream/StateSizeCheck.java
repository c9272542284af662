package io.gistream.stream;

import io.gistream.config.SummaryOptions;
import io.gistream.model.ModelManifest;
import io.gistream.model.SummaryModel;
import io.gistream.session.ChunkRules;
import io.gistream.session.OpenSegment;
import io.gistream.session.SentenceSize;
import io.gistream.summary.SentenceSplitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether what a stream keeps fits the sizes Kafka allows, known before the first record instead of
 * after the first long talk. The figures are upper bounds whatever is said: {@link SentenceSize}
 * and {@link OpenSegment} see to it.
 */
public final class StateSizeCheck {
  /** {@code max.message.bytes} of the changelogs, which Kafka Streams creates. */
  public static final int CHANGELOG_MAX_MESSAGE_BYTES = 4 << 20;

  private static final int BYTES_PER_CHARACTER = 3; // of UTF-16, in UTF-8

  /** Headers, key, ids, gaps; and one sentence that is shown though the budget is too small. */
  private static final int RECORD_OVERHEAD = 32 << 10;

  /** A summary has each text up to four times, the rest of each sentence once. */
  private static final int SHOWN =
      3 * SentenceSize.MAX_TEXT_BYTES_PER_WORD + SentenceSize.MAX_BYTES_PER_WORD;

  private static final int BYTES_PER_OPEN_CHUNK = ChunkRules.MAX_SPEAKER * BYTES_PER_CHARACTER + 64;

  /** Of a batch of one record: its header, and the lengths and the timestamp in the record. */
  private static final int BATCH_OVERHEAD = 128;

  /** Size of a memory that grows with the talk. */
  private static final long UNBOUNDED = Long.MAX_VALUE;

  private StateSizeCheck() {}

  /** Largest record of each kind, in bytes. */
  public record Sizes(long session, long memory, long inbox, long summary) {
    public long largest() {
      return Math.max(Math.max(session, memory), Math.max(inbox, summary));
    }
  }

  public static Sizes sizes(SummaryModel model, SummaryOptions options) {
    long summary = (long) options.budgetWords() * SHOWN + RECORD_OVERHEAD;
    long pool =
        (long) Math.ceil(options.budgetWords() * poolBudgets(model.manifest()))
            * SentenceSize.MAX_BYTES_PER_WORD;
    long heard = // a chunk since the checkpoint, and the ids of what was shown behind it
        (long) options.maxCharacters() * BYTES_PER_CHARACTER + 10L * options.budgetWords();
    long memory =
        model.largestMemoryBytes().isEmpty()
            ? UNBOUNDED
            : Math.max(heard, model.largestMemoryBytes().getAsInt() + pool + open(model.manifest()))
                + RECORD_OVERHEAD;
    // a record as it came and as it was decoded
    long inbox =
        Math.max(
                2 * ChunkIntake.MAX_RECORD_BYTES,
                (long) options.maxCharacters() * BYTES_PER_CHARACTER)
            + RECORD_OVERHEAD;
    return new Sizes(summary, memory, inbox, summary);
  }

  /** What was said since the last segment. */
  private static long open(ModelManifest manifest) {
    long chunks = OpenSegment.MAX_CHUNKS + SentenceSplitter.MAX_WORDS;
    long sentences = manifest.limits().segmentSentences() + 1L;
    return chunks * BYTES_PER_OPEN_CHUNK
        + sentences * SentenceSplitter.LONGEST * BYTES_PER_CHARACTER;
  }

  private static double poolBudgets(ModelManifest manifest) {
    return manifest.selection().getOrDefault("poolBudgets", 3.0);
  }

  /**
   * What does not fit; empty when all does.
   *
   * @param maxRequestSize the producer's {@code max.request.size}
   * @param summariesMaxMessageBytes {@code max.message.bytes} of the summaries topic, if known
   */
  public static List<String> problems(
      Sizes sizes, long maxRequestSize, Optional<Long> summariesMaxMessageBytes) {
    List<String> problems = new ArrayList<>();
    if (sizes.memory() == UNBOUNDED) {
      return List.of(
          "the model's memory (\"full\") grows with the talk until no record holds it;"
              + " it is there to compare others with: use 'gistream summarize' or 'gistream score'");
    }
    if (sizes.largest() > maxRequestSize) {
      problems.add(
          ("a stream's state takes up to %d bytes, but the producer's max.request.size is %d;"
                  + " lower summary.budget-words or chunk.max-characters, or raise max.request.size")
              .formatted(sizes.largest(), maxRequestSize));
    }
    if (sizes.largest() > CHANGELOG_MAX_MESSAGE_BYTES) {
      problems.add(
          ("a stream's state takes up to %d bytes, but changelog records may have %d;"
                  + " lower summary.budget-words or chunk.max-characters")
              .formatted(sizes.largest(), CHANGELOG_MAX_MESSAGE_BYTES));
    }
    summariesMaxMessageBytes
        .filter(limit -> sizes.summary() > limit)
        .ifPresent(
            limit ->
                problems.add(
                    ("a summary takes up to %d bytes, but max.message.bytes of the summaries topic is %d;"
                            + " lower summary.budget-words or raise it")
                        .formatted(sizes.summary(), limit)));
    return problems;
  }

  /**
   * Why a dead letters topic would not take every record that is unreadable; empty when it would.
   *
   * @param maxMessageBytes {@code max.message.bytes} of the topic, if known
   * @param cleanupPolicy of the topic, if known
   */
  public static List<String> deadLetterProblems(
      Optional<Long> maxMessageBytes, Optional<String> cleanupPolicy) {
    List<String> problems = new ArrayList<>();
    long largest = DeadLetterRecord.MOST + BATCH_OVERHEAD;
    maxMessageBytes
        .filter(limit -> largest > limit)
        .ifPresent(
            limit ->
                problems.add(
                    ("a dead letter takes up to %d bytes, but max.message.bytes of the dead letters"
                            + " topic is %d; raise it")
                        .formatted(largest, limit)));
    cleanupPolicy
        .filter(policy -> policy.contains("compact"))
        .ifPresent(
            policy ->
                problems.add(
                    ("cleanup.policy of the dead letters topic is %s: it takes no record without a"
                            + " key, and the last of each key only; set it to delete")
                        .formatted(policy)));
    return problems;
  }
}
