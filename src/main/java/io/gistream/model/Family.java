package io.gistream.model;

import java.util.List;

/** What differs between the families of models: how a segment becomes a reading. */
sealed interface Family permits CompactFamily, WritingFamily {
  /** See {@link SummaryModel#readers}. */
  SegmentReaders readers(long cacheBytes);

  /** See {@link SummaryModel#fits}. */
  boolean fits(List<String> sentences);
}
