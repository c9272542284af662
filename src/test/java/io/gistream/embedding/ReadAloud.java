package io.gistream.embedding;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Outcome;
import io.gistream.session.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The model without Kafka: one talk, in the calling thread. */
final class ReadAloud {
  private ReadAloud() {}

  /** The final summary of lines, one said every five seconds; empty when they say nothing. */
  static String summary(SummaryModel model, List<String> lines) {
    // begin plain
    LocalSummarizer talk = new LocalSummarizer("talk", model, SummaryOptions.defaults());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      TranscriptChunk chunk =
          new TranscriptChunk(
              "talk",
              (long) i,
              lines.get(i),
              null,
              i * 5_000L,
              (i + 1) * 5_000L,
              ChunkStatus.CONFIRMED,
              false,
              Map.of());
      outcomes.addAll(talk.accept(new Said.Plain(chunk, i * 5_000L))); // a revision for each
    }
    outcomes.addAll(talk.close());
    return LocalSummarizer.latest(outcomes).map(RollingSummary::getText).orElse("");
    // end plain
  }
}
