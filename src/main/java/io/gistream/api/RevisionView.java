package io.gistream.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.gistream.feed.Cursor;
import io.gistream.feed.FeedRecord;

/**
 * A committed summary as JSON.
 *
 * @param timestamp event time, milliseconds since the epoch
 * @param eventId where events that come later begin
 */
record RevisionView(@JsonUnwrapped SummaryView summary, long timestamp, String eventId) {
  static RevisionView of(FeedRecord.Summary record, Cursor after) {
    return new RevisionView(SummaryView.of(record.summary()), record.timestamp(), after.toString());
  }
}
