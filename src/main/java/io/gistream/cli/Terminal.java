package io.gistream.cli;

/** Text of strangers, for a terminal. */
final class Terminal {
  private Terminal() {}

  /**
   * The text with what moves the cursor, changes colours or turns the direction of writing as
   * backslash-u escapes, so that nothing is hidden and nothing is done.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      switch (Character.getType(codePoint)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            escaped.append("\\u%04x".formatted(codePoint));
        default -> escaped.appendCodePoint(codePoint);
      }
    }
    return escaped.toString();
  }
}
