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
    features.put((float) (StrictMath.log(1.0 + words(text)) / 4.0));
    features.put(text.endsWith("?") ? 1 : 0);
    features.put((float) (StrictMath.log(1.0 + sentencesBefore) / 8.0));
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

  /** As Python's {@code str.isalnum}: letters, and numbers of every kind. */
  private static boolean isAlphanumeric(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> Character.isLetter(c);
    };
  }
}
