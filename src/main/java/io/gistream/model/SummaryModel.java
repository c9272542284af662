package io.gistream.model;

import java.nio.file.Path;
import java.util.List;

/** A loaded model package: encode, decode and fold, in batches. Thread-safe. */
public final class SummaryModel implements AutoCloseable {
  private SummaryModel() {}

  public static SummaryModel load(Path directory) {
    throw new UnsupportedOperationException();
  }

  public static SummaryModel bundled() {
    throw new UnsupportedOperationException();
  }

  public ModelManifest manifest() {
    throw new UnsupportedOperationException();
  }

  /** Identity of the package: SHA-256 of its manifest, lower-case hex. */
  public String sha256() {
    throw new UnsupportedOperationException();
  }

  /** Number of tokens of a text, special tokens not counted. */
  public int countTokens(String text) {
    throw new UnsupportedOperationException();
  }

  /** Encodes each sentence by itself; results in the order given. */
  public List<EncodedSentence> encode(List<String> sentences) {
    throw new UnsupportedOperationException();
  }

  /**
   * What each sentence of each segment is worth, given the memory before it: a logit per sentence.
   */
  public List<float[]> decode(List<Segment> segments) {
    throw new UnsupportedOperationException();
  }

  /** The memory after each segment. */
  public List<Memory> fold(List<Segment> segments) {
    throw new UnsupportedOperationException();
  }

  /** The memory of a stream that has said nothing yet. */
  public Memory emptyMemory() {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads {@link Memory#toBytes()}; throws {@link IllegalArgumentException} when it is of another
   * model or damaged.
   */
  public Memory memory(byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
