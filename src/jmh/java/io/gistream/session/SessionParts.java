package io.gistream.session;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.summary.SentenceSplitter;
import io.gistream.summary.SpokenSentence;
import io.gistream.summary.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a chunk costs beside the model: sentences, and records to bytes and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SessionParts {
  private static final int CHUNKS = 120;
  private static final String TEXT =
      "We could load only the last seven days and fetch the rest when somebody zooms out. That"
          + " would cut the loading time of reading %d from nine seconds to one.";

  private final List<Utterance> said = new ArrayList<>();
  private TranscriptChunk chunk;
  private RollingSummary summary;
  private SessionState state;
  private byte[] chunkBytes;
  private byte[] summaryBytes;
  private byte[] stateBytes;

  /** A talk of twenty minutes. */
  @Setup
  public void talk() {
    try (SummaryModel model = SummaryModel.bundled()) {
      LocalSummarizer summarizer = new LocalSummarizer("jmh", model, SummaryOptions.defaults());
      for (int i = 0; i < CHUNKS; i++) {
        chunk =
            TranscriptChunk.newBuilder()
                .setStreamId("jmh")
                .setSequence(i)
                .setText(TEXT.formatted(i))
                .setStartMillis(i * 10_000L)
                .setEndMillis(i * 10_000L + 9_000)
                .build();
        Optional<RollingSummary> latest =
            LocalSummarizer.latest(summarizer.accept(new Said.Plain(chunk, i * 10_000L)));
        summary = latest.orElse(summary);
        said.add(new Utterance(chunk.getText(), null));
      }
      state = summarizer.state();
    }
    chunkBytes = AvroCodec.chunk().encode(chunk);
    summaryBytes = AvroCodec.summary().encode(summary);
    stateBytes = AvroCodec.session().encode(state);
  }

  @Benchmark
  public List<SpokenSentence> splitFiveChunks() {
    return SentenceSplitter.split(said.subList(0, 5));
  }

  @Benchmark
  public TranscriptChunk decodeChunk() {
    return AvroCodec.chunk().decode(chunkBytes);
  }

  @Benchmark
  public byte[] encodeSummary() {
    return AvroCodec.summary().encode(summary);
  }

  @Benchmark
  public RollingSummary decodeSummary() {
    return AvroCodec.summary().decode(summaryBytes);
  }

  @Benchmark
  public byte[] encodeSession() {
    return AvroCodec.session().encode(state);
  }

  @Benchmark
  public SessionState decodeSession() {
    return AvroCodec.session().decode(stateBytes);
  }
}
