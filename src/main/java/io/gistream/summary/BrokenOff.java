package io.gistream.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Removes what an English speaker left unfinished at either end of a sentence. */
final class BrokenOff {
  /** A new start comes early, and enough must follow to be a sentence. */
  private static final int LATEST_RESTART = 8;

  private static final int SHORTEST_RESTART = 5;
  private static final int SHORTEST = 4;

  private static final Set<String> RESTARTS =
      Words.list("and but so because if then or it's that's there's we're they're we they");

  private static final Set<String> DANGLING =
      Words.list(
          "and or but because a an the if than my your our their it's i'm we're they're you're"
              + " there's");

  private static final Set<String> SUBJECTS = Set.of("i", "we", "they", "he", "she");

  /** "More than I", "so am I", "you and I" are finished. */
  private static final Set<String> BEFORE_SUBJECTS =
      Words.list(
          "than as am are do did does was were can could will would should have has had is nor"
              + " neither so like and");

  private BrokenOff() {}

  /**
   * "There is It's their complete system": a transcriber's capital in the middle of a sentence says
   * that the speaker began anew.
   */
  static List<Token> dropAbandoned(List<Token> tokens) {
    for (int i = Math.min(LATEST_RESTART, tokens.size() - SHORTEST_RESTART); i > 0; i--) {
      Token token = tokens.get(i);
      boolean restarts =
          token.isCapitalised()
              && !token.isAllCapitals()
              && token.lead().isEmpty()
              && RESTARTS.contains(token.key());
      boolean titled = (i > 1 && isTitled(tokens.get(i - 1))) || isTitled(tokens.get(i + 1));
      if (restarts && !titled) {
        return tokens.subList(i, tokens.size());
      }
    }
    return tokens;
  }

  private static boolean isTitled(Token token) {
    return token.isCapitalised() && !token.key().equals("i") && !token.key().startsWith("i'");
  }

  /** "The new requirements we.": nobody ends a sentence so, the speaker stopped there. */
  static List<Token> dropDangling(List<Token> tokens) {
    List<Token> kept = tokens;
    while (kept.size() > SHORTEST && dangles(kept)) {
      Token last = kept.get(kept.size() - 1);
      Token before = kept.get(kept.size() - 2);
      kept = new ArrayList<>(kept.subList(0, kept.size() - 1));
      kept.set(kept.size() - 1, before.withTrail(before.trail() + last.trail()));
    }
    return kept;
  }

  private static boolean dangles(List<Token> tokens) {
    String last = tokens.get(tokens.size() - 1).key();
    String before = tokens.get(tokens.size() - 2).key();
    return DANGLING.contains(last)
        || (SUBJECTS.contains(last) && !BEFORE_SUBJECTS.contains(before));
  }
}
