package io.gistream.stream;

import io.gistream.config.SummaryOptions;
import io.gistream.model.ModelManifest;
import io.gistream.model.SummaryModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether what a stream keeps fits the sizes Kafka allows, known before the first record instead of
 * after the first long talk. The figures are upper bounds for text of ordinary words.
 */
public final class StateSizeCheck {
  /** {@code max.message.bytes} of the changelogs, which Kafka Streams creates. */
  public static final int CHANGELOG_MAX_MESSAGE_BYTES = 4 << 20;

  private static final int BYTES_PER_WORD = 12;
  private static final int BYTES_PER_SENTENCE = 400; // ids, scores, sequences, speakers
  private static final int SHORTEST_SENTENCE_WORDS = 4;
  private static final int BYTES_PER_CHARACTER = 4; // UTF-8
  private static final int RECORD_OVERHEAD = 8 << 10; // headers, key, ids, gaps

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
    long shown = text(options.budgetWords());
    long pool = text((long) Math.ceil(options.budgetWords() * poolBudgets(model.manifest())));
    long open = (long) options.segmentMaxTokens() * BYTES_PER_WORD + BYTES_PER_SENTENCE * 64L;
    return new Sizes(
        3 * shown + RECORD_OVERHEAD,
        model.largestMemoryBytes().isEmpty()
            ? UNBOUNDED
            : model.largestMemoryBytes().getAsInt() + pool + open + RECORD_OVERHEAD,
        (long) options.maxCharacters() * BYTES_PER_CHARACTER + RECORD_OVERHEAD,
        3 * shown + RECORD_OVERHEAD);
  }

  private static long text(long words) {
    return words * BYTES_PER_WORD + words / SHORTEST_SENTENCE_WORDS * BYTES_PER_SENTENCE;
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
}
