package io.gistream.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What a mistyped name was meant to be. */
final class Suggestion {
  private Suggestion() {}

  /** The nearest of the known names, when it is near enough to be worth naming. */
  static Optional<String> of(String name, Collection<String> known) {
    var letters = letters(name);
    return known.stream()
        .map(candidate -> new Candidate(candidate, distance(letters, letters(candidate))))
        .filter(candidate -> candidate.distance() <= Math.max(1, letters.length() / 4))
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .map(Candidate::name)
        .or(() -> lastPart(name, known));
  }

  private record Candidate(String name, int distance) {}

  /** {@code port} means {@code http.port} as long as no other name ends so. */
  private static Optional<String> lastPart(String name, Collection<String> known) {
    var matching =
        known.stream().filter(candidate -> candidate.endsWith("." + name)).limit(2).toList();
    return matching.size() == 1 ? Optional.of(matching.get(0)) : Optional.empty();
  }

  /** So that {@code segmentMinTokens} and {@code segment_min_tokens} are no further than a dot. */
  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }

  /**
   * Insertions, deletions, substitutions and swaps of neighbours that make one of the other (the
   * optimal string alignment distance).
   */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] =
            Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + substitution);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
