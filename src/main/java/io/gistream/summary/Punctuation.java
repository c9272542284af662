package io.gistream.summary;

/** What a punctuation mark does to a sentence. */
final class Punctuation {
  private static final String TERMINALS = ".!?…‼⁇⁈⁉؟۔।॥።";
  private static final String WIDE_STOPS = "。！？｡";
  private static final String WIDE_CLOSERS = "」』）】》〉〕］｝”’)]";
  private static final String CLOSERS = "\"'”’»›)]}" + "」』）】》〉〕］｝";
  private static final String OPENERS = "\"'“‘„«‹([{¿¡" + "「『（【《〈〔［｛";
  private static final String CLAUSE_ENDS = ",;-–—،؛";
  private static final String WIDE_CLAUSE_ENDS = "，、；：";

  private Punctuation() {}

  /** Ends a sentence before white space. */
  static boolean isTerminal(int codePoint) {
    return TERMINALS.indexOf(codePoint) >= 0;
  }

  /** Ends a sentence whatever follows. */
  static boolean isWideStop(int codePoint) {
    return WIDE_STOPS.indexOf(codePoint) >= 0;
  }

  /** Belongs to the wide stop before it. */
  static boolean isWideCloser(int codePoint) {
    return WIDE_CLOSERS.indexOf(codePoint) >= 0;
  }

  static boolean isCloser(int codePoint) {
    return CLOSERS.indexOf(codePoint) >= 0;
  }

  static boolean isOpener(int codePoint) {
    return OPENERS.indexOf(codePoint) >= 0;
  }

  static boolean isClauseEnd(int codePoint) {
    return CLAUSE_ENDS.indexOf(codePoint) >= 0 || isWideClauseEnd(codePoint);
  }

  /** Ends a clause without white space behind it. */
  static boolean isWideClauseEnd(int codePoint) {
    return WIDE_CLAUSE_ENDS.indexOf(codePoint) >= 0;
  }
}
