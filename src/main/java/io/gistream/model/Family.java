package io.gistream.model;

import java.util.List;
import java.util.function.Supplier;

/** What differs between the families of models: how a segment becomes a reading. */
sealed interface Family permits CompactFamily, WritingFamily {
  /** See {@link SummaryModel#readers}. */
  Supplier<SegmentReader> readers(long cacheBytes);

  /** See {@link SummaryModel#fits}. */
  boolean fits(List<String> sentences);
}
