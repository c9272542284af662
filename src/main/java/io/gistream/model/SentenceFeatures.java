package io.gistream.model;

import java.nio.FloatBuffer;

/** What the decoder is told of a sentence besides its state; see {@code docs/model-package.md}. */
final class SentenceFeatures {
  /** How many there are. */
  static final int COUNT = 4;

  private SentenceFeatures() {}

  /**
   * Appends the features of a sentence. {@link StrictMath} because a logarithm must have the same
   * bits on every machine.
   *
   * @param sentencesBefore how many sentences the stream folded before this one
   */
  static void append(FloatBuffer features, String text, long sentencesBefore) {
    features.put((float) (StrictMath.log1p(words(text)) / 4.0));
    features.put(isQuestion(text) ? 1 : 0);
    features.put((float) (StrictMath.log1p((double) sentencesBefore) / 8.0));
    features.put(text.codePoints().anyMatch(Character::isDigit) ? 1 : 0);
  }

  /** Maximal runs of letters, digits or apostrophes with at least one letter or digit. */
  static int words(String text) {
    int words = 0;
    boolean counted = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isAlphanumeric(c)) {
        if (!counted) {
          words++;
        }
        counted = true;
      } else if (c != '\'' && c != '’') {
        counted = false;
      }
    }
    return words;
  }

  private static boolean isQuestion(String text) {
    int last = text.length() - 1;
    while (last >= 0 && isSpace(text.charAt(last))) {
      last--;
    }
    return last >= 0 && text.charAt(last) == '?';
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** As Python's {@code str.isalnum}: letters, and numbers of every kind. */
  private static boolean isAlphanumeric(int c) {
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c)
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }
}
