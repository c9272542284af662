package io.gistream.model;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the bundled model does around and inside its graphs, each step by itself. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ModelParts {
  private static final String SENTENCE =
      "The slow part is the map, it loads every reading since 2015 even if nobody looks at them.";

  private ModelPackage files;
  private SentenceTokenizer tokenizer;
  private SummaryModel model;
  private Segment segment;
  private Memory memory;
  private byte[] stored;

  @Setup
  public void load() {
    files = ModelPackage.read(PackageSource.bundled(SummaryModel.DEFAULT_MODEL));
    tokenizer = SentenceTokenizer.open(files);
    model = SummaryModel.bundled();
    List<EncodedSentence> states = model.encode(List.of(SENTENCE, "Agreed.", SENTENCE + " Yes."));
    segment = new Segment(states, 0, model.emptyMemory());
    memory = model.fold(List.of(segment)).get(0);
    stored = memory.toBytes();
  }

  @TearDown
  public void close() {
    model.close();
    tokenizer.close();
  }

  @Benchmark
  public long[] tokenise() {
    return tokenizer.row(SENTENCE);
  }

  @Benchmark
  public List<EncodedSentence> encodeOne() {
    return model.encode(List.of(SENTENCE));
  }

  @Benchmark
  public List<float[]> decodeOne() {
    return model.decode(List.of(segment));
  }

  @Benchmark
  public List<Memory> foldOne() {
    return model.fold(List.of(segment));
  }

  @Benchmark
  public byte[] memoryToBytes() {
    return memory.toBytes();
  }

  @Benchmark
  public Memory memoryFromBytes() {
    return model.memory(stored);
  }
}
