package io.gistream.cli;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A summary as lines for people: each sentence behind when and by whom it was said. */
final class SummaryText {
  private SummaryText() {}

  static List<String> lines(RollingSummary summary) {
    List<String> lines = new ArrayList<>();
    for (SummarySentence sentence : summary.getSentences()) {
      String said = said(sentence.getSource());
      lines.add("- " + (said.isEmpty() ? "" : "[" + said + "] ") + sentence.getText());
    }
    return lines;
  }

  private static String said(Source source) {
    String time = time(source.getStartMillis());
    String speakers = String.join(", ", source.getSpeakers());
    return time.isEmpty() || speakers.isEmpty() ? time + speakers : time + " " + speakers;
  }

  /** {@code 1:02:03} or {@code 02:03}; empty when not known. */
  static String time(@Nullable Long millis) {
    if (millis == null) {
      return "";
    }
    long seconds = Math.max(0, millis) / 1000;
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60);
  }
}
