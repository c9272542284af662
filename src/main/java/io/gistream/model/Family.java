package io.gistream.model;

import java.util.List;

/** What differs between the families of models: how a segment becomes a reading. */
sealed interface Family permits CompactFamily, WritingFamily {
  /** A reader for one thread. */
  SegmentReader reader();

  /** See {@link SummaryModel#fits}. */
  boolean fits(List<String> sentences);
}
