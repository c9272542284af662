package io.gistream.transcript;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a line of a plain text transcript may begin with: a speaker, a time, or both.
 *
 * @param form how it is written
 * @param name the speaker; null when there is none
 * @param startMillis the time; null when there is none
 * @param rest the line without it
 */
record LineHead(Form form, @Nullable String name, @Nullable Long startMillis, String rest) {
  /** How a head is written, from the surest to the most doubtful. */
  enum Form {
    /** {@code >> JANE: text}, {@code >> text}. */
    ARROWS,
    /** {@code [00:12:03] Bob: text}, {@code Bob (00:12): text}. */
    TIMED_NAME,
    /** {@code Speaker 1 0:03} with the text in the next line. */
    HEADING,
    /** {@code <bob> text}. */
    ANGLES,
    /** {@code Bob: text}. */
    NAME,
    /** {@code 0:03 text}, or the time alone. */
    TIME
  }

  private static final String TIME =
      "[\\[(]?(" + Timestamps.CLOCK + ")(?:\\s?-{1,2}>?\\s?" + Timestamps.CLOCK + ")?[\\])]?";

  private static final String NAME = "([^:<>\\[\\]()\"“”]{1,48}?)";

  private static final Pattern ARROWED = Pattern.compile(">{2,3} ?(.*)", Pattern.DOTALL);

  /** The date before a time of day, as chats and logs have it. */
  private static final String DATE =
      "(?:\\d{4}-\\d{2}-\\d{2}[T ]|\\d{1,2}[/.]\\d{1,2}[/.]\\d{2,4},? )";

  private static final Pattern TIME_FIRST =
      Pattern.compile("\\[?" + DATE + "?" + TIME + "Z?\\]? ?(?:[-–—|] ?)?(.*)", Pattern.DOTALL);

  private static final Pattern TIME_IN_BRACKETS =
      Pattern.compile(
          NAME + " ?[\\[(](" + Timestamps.CLOCK + ")[\\])] ?:?(?: (.*)|$)", Pattern.DOTALL);

  private static final Pattern TIME_LAST =
      Pattern.compile("\\[?" + NAME + "\\]? ?[-–—|,]? ?(" + Timestamps.CLOCK + ")");

  /** {@code Bob: 00:12}, or with text when the time is in brackets. */
  private static final Pattern TIME_BEHIND_COLON =
      Pattern.compile(
          NAME
              + " ?:(?: ("
              + Timestamps.CLOCK
              + ")| ?[\\[(]("
              + Timestamps.CLOCK
              + ")[\\])] ?(.*))",
          Pattern.DOTALL);

  private static final Pattern ANGLED = Pattern.compile("<([^<>:\"/]{1,48})> (.*)", Pattern.DOTALL);

  /** As chats of meetings are saved. */
  private static final Pattern CHAT =
      Pattern.compile("From ([^:]{1,48}?)(?: to [^:]{1,48}?)? ?: (.*)", Pattern.DOTALL);

  /**
   * The head of a line of cells between tabs: a time and a name, or a name and a time, then text.
   */
  static @Nullable LineHead ofCells(String line) {
    String[] cells = line.split("\t", 3);
    if (cells.length < 3) {
      return null;
    }
    for (int time = 0; time < 2; time++) {
      String clock = cells[time].strip().replaceAll("^[\\[(]|[\\])]$", "");
      String name = SpeakerNames.clean(cells[1 - time].replaceAll("\\s*:\\s*$", ""));
      Long start = clock.indexOf(':') > 0 ? Timestamps.parse(clock) : null;
      if (start != null && SpeakerNames.isNameLike(name)) {
        return new LineHead(Form.TIMED_NAME, name, start, cells[2].strip());
      }
    }
    return null;
  }

  /** The head of a line whose white space is collapsed; null when it has none. */
  static @Nullable LineHead of(String line) {
    Matcher arrows = ARROWED.matcher(line);
    if (arrows.matches()) {
      SpeakerNames.Prefix prefix = SpeakerNames.prefix(arrows.group(1));
      return prefix == null
          ? new LineHead(Form.ARROWS, null, null, arrows.group(1))
          : new LineHead(Form.ARROWS, prefix.name(), null, prefix.rest());
    }
    Matcher timeFirst = TIME_FIRST.matcher(line);
    if (timeFirst.matches()) {
      return afterTime(timeFirst.group(2), Timestamps.parse(timeFirst.group(1)));
    }
    Matcher bracketed = TIME_IN_BRACKETS.matcher(line);
    if (bracketed.matches() && SpeakerNames.isNameLike(SpeakerNames.clean(bracketed.group(1)))) {
      String rest = bracketed.group(3) == null ? "" : bracketed.group(3);
      return new LineHead(
          Form.TIMED_NAME,
          SpeakerNames.clean(bracketed.group(1)),
          Timestamps.parse(bracketed.group(2)),
          rest);
    }
    Matcher behind = TIME_BEHIND_COLON.matcher(line);
    if (behind.matches() && SpeakerNames.isNameLike(SpeakerNames.clean(behind.group(1)))) {
      String name = SpeakerNames.clean(behind.group(1));
      return behind.group(2) == null
          ? new LineHead(Form.TIMED_NAME, name, Timestamps.parse(behind.group(3)), behind.group(4))
          : new LineHead(Form.HEADING, name, Timestamps.parse(behind.group(2)), "");
    }
    Matcher timeLast = TIME_LAST.matcher(line);
    if (timeLast.matches() && SpeakerNames.isNameLike(SpeakerNames.clean(timeLast.group(1)))) {
      return new LineHead(
          Form.HEADING,
          SpeakerNames.clean(timeLast.group(1)),
          Timestamps.parse(timeLast.group(2)),
          "");
    }
    return untimed(line);
  }

  private static LineHead afterTime(String rest, @Nullable Long start) {
    Matcher chat = CHAT.matcher(rest);
    if (chat.matches() && SpeakerNames.isNameLike(SpeakerNames.clean(chat.group(1)))) {
      return new LineHead(Form.TIMED_NAME, SpeakerNames.clean(chat.group(1)), start, chat.group(2));
    }
    LineHead head = untimed(rest);
    return head == null
        ? new LineHead(Form.TIME, null, start, rest)
        : new LineHead(Form.TIMED_NAME, head.name(), start, head.rest());
  }

  private static @Nullable LineHead untimed(String line) {
    Matcher angles = ANGLED.matcher(line);
    if (angles.matches() && SpeakerNames.isNameLike(SpeakerNames.clean(angles.group(1)))) {
      return new LineHead(Form.ANGLES, SpeakerNames.clean(angles.group(1)), null, angles.group(2));
    }
    SpeakerNames.Prefix prefix = SpeakerNames.prefix(line);
    return prefix == null ? null : new LineHead(Form.NAME, prefix.name(), null, prefix.rest());
  }
}
