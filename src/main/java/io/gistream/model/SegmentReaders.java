package io.gistream.model;

import java.util.function.Supplier;

/** Makes readers, each for one thread, that share what they remember of sentences. Thread-safe. */
@FunctionalInterface
public interface SegmentReaders extends Supplier<SegmentReader> {
  /** What all of its readers asked for; also after the model was closed. */
  default SentenceUse use() {
    return SentenceUse.NONE;
  }
}
