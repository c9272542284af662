package io.gistream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.api.SummaryView;
import io.gistream.avro.RollingSummary;

/** A summary as the JSON that the HTTP interface gives. */
final class SummaryJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SummaryJson() {}

  /** Indented, for people. */
  static String pretty(RollingSummary summary) {
    return write(JSON.writerWithDefaultPrettyPrinter(), summary);
  }

  /** On one line. */
  static String line(RollingSummary summary) {
    return write(JSON.writer(), summary);
  }

  private static String write(ObjectWriter writer, RollingSummary summary) {
    try {
      return writer.writeValueAsString(SummaryView.of(summary));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of plain values can always be written", e);
    }
  }
}
