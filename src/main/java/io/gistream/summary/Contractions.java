package io.gistream.summary;

import java.util.Set;

/** Joins what tokenisers tear apart: "do n't", "it 's", "I ' m". */
final class Contractions {
  private static final Set<String> TAILS =
      Set.of("s", "m", "re", "ve", "ll", "d", "t", "S", "M", "RE", "VE", "LL", "D", "T");

  private Contractions() {}

  /** The text with its contractions joined, the white space in it collapsed if there are any. */
  static String join(String text) {
    if (text.indexOf('\'') < 0 && text.indexOf('’') < 0) {
      return text;
    }
    StringBuilder joined = new StringBuilder(text.length());
    String[] pieces = text.strip().split("\\s+");
    for (int i = 0; i < pieces.length; i++) {
      String piece = pieces[i];
      boolean afterLetter =
          joined.length() > 0 && Character.isLetter(joined.codePointBefore(joined.length()));
      if (afterLetter && isApostrophe(piece) && i + 1 < pieces.length && isTail(pieces[i + 1])) {
        joined.append(piece).append(pieces[++i]);
        continue;
      }
      if (joined.length() > 0 && !(afterLetter && isContraction(piece))) {
        joined.append(' ');
      }
      joined.append(piece);
    }
    return joined.toString();
  }

  private static boolean isApostrophe(String piece) {
    return piece.equals("'") || piece.equals("’");
  }

  /** A tail with or without punctuation behind it. */
  private static boolean isTail(String piece) {
    int end = piece.length();
    while (end > 0 && !Character.isLetterOrDigit(piece.charAt(end - 1))) {
      end--;
    }
    return TAILS.contains(piece.substring(0, end));
  }

  private static boolean isContraction(String piece) {
    if (piece.length() < 2) {
      return false;
    }
    if (isApostrophe(piece.substring(0, 1))) {
      return isTail(piece.substring(1));
    }
    return piece.startsWith("n't")
        || piece.startsWith("n’t")
        || piece.startsWith("N'T")
        || piece.startsWith("N’T");
  }
}
