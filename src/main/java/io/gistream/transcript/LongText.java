package io.gistream.transcript;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text that came without breaks into pieces of about {@value #WORDS} words. */
final class LongText {
  private static final int WORDS = 60;
  private static final int FEWEST = 45;
  private static final int MOST = 90;

  /** A text without spaces is measured in characters. */
  private static final int CHARS_PER_WORD = 6;

  private static final String TERMINALS = ".!?…";
  private static final String WIDE_STOPS = "。！？";

  private LongText() {}

  /** The pieces, in order, without the white space between them; the text itself if it is short. */
  static List<String> cut(String text) {
    if (measure(text) <= MOST) {
      return text.isBlank() ? List.of() : List.of(text.strip());
    }
    List<String> pieces = new ArrayList<>();
    int begin = 0;
    int words = 0;
    for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      boolean wordEnds = next < text.length() && Character.isWhitespace(text.codePointAt(next));
      words += wordEnds && !Character.isWhitespace(codePoint) ? 1 : 0;
      int measure = Math.max(words, (next - begin) / (2 * CHARS_PER_WORD));
      boolean sentenceEnds =
          (wordEnds && endsSentence(text, begin, next)) || WIDE_STOPS.indexOf(codePoint) >= 0;
      boolean full =
          (measure >= FEWEST && sentenceEnds)
              || (measure >= MOST && wordEnds)
              || measure >= 2 * MOST && isBoundary(text, next);
      if (full && next < text.length()) {
        add(pieces, text.substring(begin, next));
        begin = next;
        words = 0;
      }
    }
    add(pieces, text.substring(begin));
    return pieces;
  }

  /** As {@link #cut(String)}; the first piece has the start, the last the end. */
  static List<Turn> cut(Turn turn) {
    List<String> pieces = cut(turn.text());
    List<Turn> turns = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      turns.add(
          new Turn(
              pieces.get(i),
              turn.speaker(),
              i == 0 ? turn.startMillis() : null,
              i == pieces.size() - 1 ? turn.endMillis() : null));
    }
    return turns;
  }

  /** Number of words; of a text without spaces an estimate. */
  private static int measure(String text) {
    int words = 0;
    boolean space = true;
    for (int i = 0; i < text.length(); i++) {
      boolean nextSpace = Character.isWhitespace(text.charAt(i));
      words += space && !nextSpace ? 1 : 0;
      space = nextSpace;
    }
    return Math.max(words, text.length() / (2 * CHARS_PER_WORD));
  }

  private static boolean endsSentence(String text, int begin, int end) {
    int last = end - 1;
    while (last > begin && "\"'”’)]".indexOf(text.charAt(last)) >= 0) {
      last--;
    }
    return TERMINALS.indexOf(text.charAt(last)) >= 0;
  }

  private static boolean isBoundary(String text, int at) {
    if (at >= text.length()) {
      return false;
    }
    int type = Character.getType(text.codePointAt(at));
    return type != Character.NON_SPACING_MARK
        && type != Character.COMBINING_SPACING_MARK
        && type != Character.ENCLOSING_MARK
        && text.codePointAt(at) != 0x200D;
  }

  private static void add(List<String> pieces, String piece) {
    String stripped = piece.strip();
    if (!stripped.isEmpty()) {
      pieces.add(stripped);
    }
  }
}
