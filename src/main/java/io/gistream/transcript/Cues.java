package io.gistream.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads captions with times: WebVTT, SubRip and YouTube's SBV, well-formed or not. */
final class Cues {
  private static final String TIME = "((?:\\d{1,4}:){0,2}\\d{1,3}(?:[.,:]\\d{1,6})?)";

  private static final Pattern TIMING =
      Pattern.compile("\\s*" + TIME + "\\s{0,9}--?>\\s{0,9}" + TIME + "(?:\\s.*)?");

  private static final Pattern SBV_TIMING =
      Pattern.compile(
          "\\s*(\\d{1,3}:\\d{2}:\\d{2}\\.\\d{1,3}),(\\d{1,3}:\\d{2}:\\d{2}\\.\\d{1,3})\\s*");

  private static final Pattern COMMENT = Pattern.compile("(?:NOTE|STYLE|REGION)(?:\\s.*)?");

  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  /**
   * A caption as it stands in the file.
   *
   * @param lines its lines, none blank
   */
  record Cue(@Nullable Long startMillis, @Nullable Long endMillis, List<String> lines) {}

  private final List<Cue> cues = new ArrayList<>();

  /** Lines since the last timing; blank ones are empty. */
  private final List<String> body = new ArrayList<>();

  private @Nullable Matcher timing;
  private long index;

  private Cues() {}

  static List<Turn> read(List<String> lines) {
    Cues reader = new Cues();
    reader.readLines(lines);
    return CaptionText.turns(RollingCaptions.withoutRepeats(reader.cues));
  }

  /** Whether a line holds the times of a cue. */
  static boolean isTiming(String line) {
    return line.length() < 500
        && (TIMING.matcher(line).matches() || SBV_TIMING.matcher(line).matches());
  }

  private void readLines(List<String> lines) {
    boolean vtt = !lines.isEmpty() && lines.get(0).startsWith("WEBVTT");
    boolean comment = vtt;
    for (String line : lines) {
      Matcher matcher = isTiming(line) ? matcher(line) : null;
      if (matcher != null) {
        String id = takeId(vtt);
        finish();
        timing = matcher;
        index = id.isEmpty() ? index + 1 : Long.parseLong(id);
        comment = false;
      } else if (line.isBlank()) {
        comment = false;
        body.add("");
      } else if (vtt && isBlockStart() && COMMENT.matcher(line).matches()) {
        comment = true;
      } else if (!comment) {
        body.add(line.strip());
      }
    }
    finish();
  }

  private static @Nullable Matcher matcher(String line) {
    Matcher arrow = TIMING.matcher(line);
    if (arrow.matches()) {
      return arrow;
    }
    Matcher comma = SBV_TIMING.matcher(line);
    return comma.matches() ? comma : null;
  }

  private boolean isBlockStart() {
    return body.isEmpty() || body.get(body.size() - 1).isEmpty();
  }

  /** Takes the number or name of the next cue off the lines of this one; returns the number. */
  private String takeId(boolean vtt) {
    if (body.isEmpty()) {
      return "";
    }
    int last = body.size() - 1;
    String id = body.get(last);
    boolean alone = last == 0 ? timing == null : body.get(last - 1).isEmpty();
    boolean number = INDEX.matcher(id).matches();
    // without a blank line before it only the number that is due can be one
    boolean due = number && Long.parseLong(id) == index + 1;
    if (!id.isEmpty() && (alone ? vtt || number : due)) {
      body.remove(last);
      return number ? id : "";
    }
    return "";
  }

  private void finish() {
    List<String> lines = body.stream().filter(line -> !line.isEmpty()).toList();
    body.clear();
    if (!lines.isEmpty()) {
      cues.add(
          new Cue(
              timing == null ? null : millis(timing.group(1)),
              timing == null ? null : millis(timing.group(2)),
              lines));
    }
    timing = null;
  }

  /** A time; of one with frames ("00:00:01:12") the seconds. */
  private static @Nullable Long millis(String time) {
    String[] parts = time.split(":");
    return Timestamps.parse(parts.length == 4 ? parts[0] + ":" + parts[1] + ":" + parts[2] : time);
  }
}
