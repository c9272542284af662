package io.gistream.transcript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a transcript written as plain text, in the many ways that people and programs write one.
 *
 * <p>What a line begins with is taken for a speaker or a time only when the whole file bears it
 * out; otherwise it is text. Without any, paragraphs are turns, or lines when no blank line parts
 * paragraphs.
 */
final class PlainText {
  /** In a transcript with speakers nobody said it. */
  private static final Pattern HEADLINE = Pattern.compile("#{1,6} ");

  private final List<String> lines;
  private final List<@Nullable LineHead> heads;
  private final List<Turn> turns = new ArrayList<>();

  private final StringBuilder text = new StringBuilder();
  private @Nullable String speaker;
  private @Nullable Long start;

  private PlainText(List<String> raw) {
    List<String> spoken = withoutFrontMatter(raw);
    lines = spoken.stream().map(PlainText::collapse).toList();
    heads = acceptedHeads(spoken);
  }

  static List<Turn> read(List<String> lines) {
    PlainText reader = new PlainText(lines);
    reader.read();
    return reader.turns;
  }

  /** Markdown files begin with fields between two lines of dashes. */
  private static List<String> withoutFrontMatter(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).strip().equals("---")) {
      return lines;
    }
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.equals("---")) {
        return lines.subList(i + 1, lines.size());
      }
    }
    return lines;
  }

  private static String collapse(String line) {
    if (line.isEmpty()) {
      return line;
    }
    String collapsed = line.replaceAll("[\\s\\u00a0\\u200b]+", " ").strip();
    // the emphasis of Markdown around a name
    return collapsed.startsWith("**") || collapsed.startsWith("__")
        ? collapsed.replaceAll("\\*\\*|__", "")
        : collapsed;
  }

  private void read() {
    boolean named = heads.stream().anyMatch(head -> head != null);
    boolean paragraphs =
        lines.stream().skip(1).limit(Math.max(0, lines.size() - 2)).anyMatch(String::isEmpty);
    boolean lineByLine = !named && !paragraphs;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      LineHead head = heads.get(i);
      if (line.isEmpty() || lineByLine) {
        finish();
      }
      if (head != null) {
        finish();
        if (head.form() != LineHead.Form.TIME || head.name() != null) {
          speaker = head.name();
        }
        start = head.startMillis();
        append(head.rest());
      } else if (!(named && HEADLINE.matcher(line).lookingAt())) {
        append(line);
      }
    }
    finish();
  }

  private void append(String said) {
    if (!said.isEmpty()) {
      text.append(text.length() == 0 ? "" : " ").append(said);
    }
  }

  private void finish() {
    if (text.length() == 0) {
      return;
    }
    turns.addAll(LongText.cut(new Turn(text.toString(), speaker, start, null)));
    start = null;
    text.setLength(0);
  }

  /** For each line its head, or null where it has none that the file bears out. */
  private List<@Nullable LineHead> acceptedHeads(List<String> raw) {
    List<@Nullable LineHead> found = new ArrayList<>(lines.size());
    Map<String, Integer> headings = new HashMap<>();
    List<String> untimed = new ArrayList<>();
    int filled = 0;
    int times = 0;
    int angles = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isEmpty()) {
        found.add(null);
        continue;
      }
      LineHead cells = raw.get(i).indexOf('\t') > 0 ? LineHead.ofCells(raw.get(i)) : null;
      LineHead head = cells == null ? LineHead.of(line) : cells;
      found.add(head);
      filled++;
      if (head == null || head.form() == LineHead.Form.NAME) {
        untimed.add(line);
      } else if (head.form() == LineHead.Form.HEADING) {
        headings.merge(String.valueOf(head.name()), 1, Integer::sum);
      } else if (head.form() == LineHead.Form.TIME) {
        times++;
        String name = nameAbove(found, i);
        if (name != null) {
          headings.merge(name, 1, Integer::sum);
        }
      } else if (head.form() == LineHead.Form.ANGLES) {
        angles++;
      }
    }
    Set<String> names = new HashSet<>(SpeakerNames.consistent(untimed));
    Set<String> headingNames = new HashSet<>();
    headings.forEach(
        (name, count) -> {
          if (count >= 2 || SpeakerNames.isRole(name)) {
            headingNames.add(name);
          }
        });
    if (!headingNames.isEmpty()) {
      // where some speakers have headings, one who speaks once has one too
      headingNames.addAll(headings.keySet());
    }
    names.addAll(headingNames);
    boolean timed = times >= 3 || (times == 2 && filled <= 4);
    List<@Nullable LineHead> accepted = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      LineHead head = found.get(i);
      boolean accept =
          head != null
              && switch (head.form()) {
                case ARROWS, TIMED_NAME -> true;
                case HEADING -> headingNames.contains(head.name()) && isTextBelow(i);
                case ANGLES -> angles >= 2;
                case NAME -> names.contains(head.name());
                case TIME -> timed;
              };
      accepted.add(accept ? head : null);
      if (accept && head != null && head.form() == LineHead.Form.TIME) {
        joinNameAbove(accepted, i, headingNames);
      }
    }
    return accepted;
  }

  private boolean isTextBelow(int line) {
    for (int i = line + 1; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** The name that stands alone in the line above a time; null when there is none. */
  private @Nullable String nameAbove(List<@Nullable LineHead> found, int line) {
    if (line == 0 || found.get(line - 1) != null) {
      return null;
    }
    String name = SpeakerNames.clean(lines.get(line - 1));
    boolean paragraphBegins = line == 1 || lines.get(line - 2).isEmpty();
    return paragraphBegins && SpeakerNames.isNameLike(name) && !name.endsWith(".") ? name : null;
  }

  private void joinNameAbove(List<@Nullable LineHead> accepted, int line, Set<String> names) {
    LineHead time = accepted.get(line);
    String name = nameAbove(accepted, line);
    if (time != null && name != null && names.contains(name)) {
      accepted.set(line - 1, new LineHead(LineHead.Form.HEADING, name, time.startMillis(), ""));
      accepted.set(
          line, new LineHead(LineHead.Form.HEADING, name, time.startMillis(), time.rest()));
    }
  }
}
