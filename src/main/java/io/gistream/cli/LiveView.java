package io.gistream.cli;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;

/**
 * A talk and its summary in a terminal: chunks go by, what a revision adds and removes stands out.
 * Two threads write to it.
 */
final class LiveView {
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";
  private static final int WIDTH = 110;

  private final PrintWriter out;
  private final boolean colour;

  LiveView(PrintWriter out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  synchronized void say(String line) {
    out.println(line);
    out.flush();
  }

  synchronized void said(TranscriptChunk chunk) {
    String speaker = chunk.getSpeaker() == null ? "" : chunk.getSpeaker() + ": ";
    String time = SummaryText.time(chunk.getStartMillis());
    String text = chunk.getText().replaceAll("\\s+", " ");
    say(style(DIM, fit("  " + time + "  " + speaker + text)));
  }

  synchronized void revised(RollingSummary summary) {
    Set<String> added = new HashSet<>(summary.getAdded());
    for (SummarySentence sentence : summary.getSentences()) {
      if (added.contains(sentence.getText())) {
        String time = SummaryText.time(sentence.getSource().getStartMillis());
        say(style(GREEN, fit("+ " + time + "  " + sentence.getText())));
      }
    }
    for (String removed : summary.getRemoved()) {
      say(style(RED, fit("-        " + removed)));
    }
  }

  synchronized void last(RollingSummary summary) {
    say("");
    say(
        style(
            BOLD,
            "Final summary after %d revisions: %d of %d words"
                .formatted(
                    summary.getRevision(),
                    summary.getText().split("\\s+").length,
                    summary.getWordsHeard())));
    SummaryText.lines(summary).forEach(this::say);
  }

  private String style(String code, String text) {
    return colour ? code + text + PLAIN : text;
  }

  private static String fit(String line) {
    if (line.length() <= WIDTH) {
      return line;
    }
    int end = WIDTH - 1;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
