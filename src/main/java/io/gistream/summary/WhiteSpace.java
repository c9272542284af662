package io.gistream.summary;

/**
 * White space as {@link SentenceSplitter} reads it: all that Unicode calls a space, no-break spaces
 * included, which {@link String#isBlank()} takes for text.
 */
public final class WhiteSpace {
  private WhiteSpace() {}

  /** Whether there is nothing but white space. */
  public static boolean isBlank(String text) {
    return text.codePoints().allMatch(Words::isSpace);
  }

  /** The text with one space for each run of white space; the same sentences are in it. */
  public static String collapse(String text) {
    StringBuilder collapsed = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (!Words.isSpace(codePoint)) {
        collapsed.appendCodePoint(codePoint);
        space = false;
      } else if (!space) {
        collapsed.append(' ');
        space = true;
      }
    }
    return collapsed.toString();
  }
}
