package io.gistream.cli;

import io.gistream.replay.Difference;
import io.gistream.replay.TopicDiff;
import io.gistream.replay.TopicDiff.StreamDiff;
import io.gistream.replay.VerificationReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a replay found, for people. */
final class ReplayText {
  /** Streams of a diff that are shown; JSON has all. */
  private static final int MOST_STREAMS = 20;

  private final PrintWriter out;

  ReplayText(PrintWriter out) {
    this.out = out;
  }

  void print(ReplayRun.Result result) {
    print(
        "replayed %s in %.1f s as %s",
        count(result.records(), "record"), result.seconds(), result.applicationId());
    print("%s on %s", count(result.summaries(), "summary"), result.topic());
    if (result.deadLetters() > 0) {
      print("%s on %s", count(result.deadLetters(), "dead letter"), result.deadLettersTopic());
    }
    print("read up to offsets %s", offsets(result.lastOffsets()));
  }

  private static String offsets(Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  void print(VerificationReport report) {
    print(
        "%s in %s of %s",
        count(report.chunks(), "record"),
        count(report.partitions(), "partition"),
        report.chunksTopic());
    print(
        "%s of %s compared on %s",
        count(report.compared(), "summary"),
        count(report.streams(), "stream"),
        report.summariesTopic());
    if (report.compactedAway() > 0) {
      print(
          "%s replaced by later ones and compacted away", count(report.compactedAway(), "summary"));
    }
    if (report.pending() > 0) {
      print(
          "%s still to come: the application is not that far", count(report.pending(), "summary"));
    }
    if (report.unchecked() > 0) {
      print(
          "%s not checked: the chunks topic has lost the beginning",
          count(report.unchecked(), "stream"));
    }
    report.notes().forEach(note -> print("note: %s", note));
    if (report.equal()) {
      print("equal, byte for byte");
      return;
    }
    print("%s; the first:", count(report.differences(), "difference"));
    print(report.first().get(0));
  }

  private void print(Difference difference) {
    print("  what      %s", difference.kind());
    if (difference.offset() < 0) {
      print("  where     %s", difference.topic());
    } else {
      print(
          "  where     %s partition %d offset %d",
          difference.topic(), difference.partition(), difference.offset());
    }
    print("  stream    %s", difference.streamId());
    print("  field     %s", difference.path());
    print("  expected  %s", difference.expected());
    print("  actual    %s", difference.actual());
    if (difference.more() > 0) {
      print("  and %d more of this stream", difference.more());
    }
  }

  void print(TopicDiff diff) {
    print("%s (-) and %s (+)", diff.leftTopic(), diff.rightTopic());
    List<StreamDiff> streams = diff.streams();
    for (StreamDiff stream : streams.subList(0, Math.min(MOST_STREAMS, streams.size()))) {
      print("");
      print(
          "%s: ROUGE-1 %.3f, %s in common, %d and %d words",
          stream.streamId(),
          stream.rouge1(),
          count(stream.common(), "sentence"),
          stream.left().words(),
          stream.right().words());
      stream.onlyLeft().forEach(text -> print("  - %s", text));
      stream.onlyRight().forEach(text -> print("  + %s", text));
    }
    print("");
    if (streams.size() > MOST_STREAMS) {
      print("%d more streams differ less (--format json has all)", streams.size() - MOST_STREAMS);
    }
    print(
        "%s the same, %d different; mean ROUGE-1 %.3f",
        count(diff.equal(), "stream"), streams.size(), diff.meanRouge1());
    only(diff.leftTopic(), diff.onlyLeft());
    only(diff.rightTopic(), diff.onlyRight());
  }

  private void only(String topic, List<String> streams) {
    if (!streams.isEmpty()) {
      print("%s only on %s, such as %s", count(streams.size(), "stream"), topic, streams.get(0));
    }
  }

  private static String count(long count, String noun) {
    String plural = noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    return count + " " + (count == 1 ? noun : plural);
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
