package io.gistream.session;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.model.SummaryModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Invented talks for tests. */
public final class Talks {
  private static final List<String> SENTENCES =
      List.of(
          "We should ship the new release on Friday if the tests pass.",
          "Um, I think the the budget for the second quarter is twelve thousand euros.",
          "Can somebody look at the failing deployment in Frankfurt?",
          "The customer asked for a smaller remote control with fewer buttons.",
          "Right, okay.",
          "Maria will write the report and send it to the board before Monday.",
          "We have seen 42 incidents this week, which is more than the whole of last month.",
          "I do not agree that rubber is the best material for the case.",
          "So the decision is to use kinetic energy instead of a battery.",
          "Let me show you the next slide.",
          "The latency of the service went up after the last migration.",
          "Yeah, you know, it is what it is.");

  private Talks() {}

  /** The small model of the test resources. */
  public static SummaryModel tinyModel() {
    return SummaryModel.load(Path.of("src/test/resources/models/tiny"));
  }

  /** The small model of the test resources that writes its sentences. */
  public static SummaryModel tinyWriter() {
    return SummaryModel.load(Path.of("src/test/resources/models/tiny-bart"));
  }

  public static TranscriptChunk chunk(String stream, long sequence, String text) {
    return chunk(stream, sequence, text, ChunkStatus.CONFIRMED, false);
  }

  public static TranscriptChunk draft(String stream, long sequence, String text) {
    return chunk(stream, sequence, text, ChunkStatus.DRAFT, false);
  }

  public static TranscriptChunk end(String stream, long sequence) {
    return chunk(stream, sequence, "", ChunkStatus.CONFIRMED, true);
  }

  /** A chunk with a text and the end marker. */
  public static TranscriptChunk last(String stream, long sequence, String text) {
    return chunk(stream, sequence, text, ChunkStatus.CONFIRMED, true);
  }

  private static TranscriptChunk chunk(
      String stream, long sequence, String text, ChunkStatus status, boolean end) {
    return new TranscriptChunk(
        stream,
        sequence,
        text,
        sequence % 2 == 0 ? "Ann" : "Bob",
        sequence * 5_000,
        sequence * 5_000 + 4_000,
        status,
        end,
        Map.of());
  }

  /**
   * A talk of so many chunks of one to three sentences, the last one with the end marker; every
   * number gives another.
   */
  public static List<TranscriptChunk> talk(String stream, int chunks, long seed) {
    Random random = new Random(seed);
    List<TranscriptChunk> talk = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      StringBuilder text = new StringBuilder();
      for (int s = random.nextInt(3); s >= 0; s--) {
        text.append(SENTENCES.get(random.nextInt(SENTENCES.size()))).append(' ');
      }
      text.append("That was point ").append(random.nextInt(1000)).append('.');
      talk.add(chunk(stream, i, text.toString(), ChunkStatus.CONFIRMED, i == chunks - 1));
    }
    return talk;
  }

  /** A chunk said so many seconds after noon of some day. */
  public static Said at(double seconds, TranscriptChunk chunk) {
    return new Said.Plain(chunk, 1_790_000_000_000L + Math.round(seconds * 1000));
  }

  public static List<RollingSummary> summaries(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Revised.class::isInstance)
        .map(outcome -> ((Outcome.Revised) outcome).summary())
        .toList();
  }

  public static @Nullable RollingSummary last(List<RollingSummary> summaries) {
    return summaries.isEmpty() ? null : summaries.get(summaries.size() - 1);
  }
}
