package io.gistream.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ROUGE against one reference (Lin, <i>ROUGE: A Package for Automatic Evaluation of Summaries</i>,
 * 2004), on lower-cased tokens of letters and digits, no stemming, no stop words left out.
 *
 * <pre>
 *   ROUGE-N  overlap = sum over n-grams g of min(count of g in candidate, count of g in reference)
 *            P = overlap / n-grams of candidate,  R = overlap / n-grams of reference
 *   ROUGE-L  P = LCS / tokens of candidate,       R = LCS / tokens of reference
 *   F1       2 P R / (P + R)
 * </pre>
 *
 * LCS is the longest common subsequence of the two whole texts (sentence-level ROUGE-L, not the
 * union over sentences of "ROUGE-Lsum"). All are 0 where either side has no n-gram.
 */
public final class Rouge {
  /** Stands for a token, or a pair of tokens, that the reference does not have. */
  static final int UNKNOWN = -1;

  private final Map<String, Integer> vocabulary = new HashMap<>();
  private final Map<Long, Integer> pairs = new HashMap<>();
  private final int[] tokens;
  private final int[] tokenCounts;
  private final int[] pairCounts;

  private Rouge(String reference) {
    var words = Words.tokens(reference);
    tokens = new int[words.size()];
    tokenCounts = new int[words.size()];
    pairCounts = new int[words.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = vocabulary.computeIfAbsent(words.get(i), word -> vocabulary.size());
      tokenCounts[tokens[i]]++;
      if (i > 0) {
        pairCounts[pairs.computeIfAbsent(key(tokens[i - 1], tokens[i]), pair -> pairs.size())]++;
      }
    }
  }

  /** Prepares a reference that several candidates are compared with. */
  public static Rouge against(String reference) {
    return new Rouge(reference);
  }

  /** ROUGE-1, ROUGE-2 and ROUGE-L of a candidate. */
  public RougeScores score(String candidate) {
    int[] ids = tokensOf(candidate);
    return new RougeScores(
        rouge1(ids),
        RougeScore.of(overlap(pairsOf(ids), pairCounts), ids.length - 1, tokens.length - 1),
        RougeScore.of(longestCommonSubsequence(ids, tokens), ids.length, tokens.length));
  }

  /** ROUGE-1 of a candidate. */
  public RougeScore rouge1(String candidate) {
    return rouge1(tokensOf(candidate));
  }

  private RougeScore rouge1(int[] ids) {
    return RougeScore.of(overlap(ids, tokenCounts), ids.length, tokens.length);
  }

  /** Number of tokens of the reference. */
  int length() {
    return tokens.length;
  }

  /** How often the reference has each of its distinct tokens. */
  int[] tokenCounts() {
    return tokenCounts.clone();
  }

  /** How often the reference has each of its distinct pairs of neighbouring tokens. */
  int[] pairCounts() {
    return pairCounts.clone();
  }

  /** The tokens of a text by their number in the reference. */
  int[] tokensOf(String text) {
    return tokensOf(Words.tokens(text));
  }

  private int[] tokensOf(List<String> words) {
    return words.stream().mapToInt(word -> vocabulary.getOrDefault(word, UNKNOWN)).toArray();
  }

  /** The pairs of neighbouring tokens, one fewer than tokens, by their number in the reference. */
  int[] pairsOf(int[] ids) {
    int[] result = new int[Math.max(0, ids.length - 1)];
    for (int i = 0; i < result.length; i++) {
      result[i] = pairOf(ids[i], ids[i + 1]);
    }
    return result;
  }

  /** The number of one pair in the reference. */
  int pairOf(int first, int second) {
    return first == UNKNOWN || second == UNKNOWN
        ? UNKNOWN
        : pairs.getOrDefault(key(first, second), UNKNOWN);
  }

  private static long key(int first, int second) {
    return (long) first << 32 | second;
  }

  private static int overlap(int[] ids, int[] counts) {
    int[] left = counts.clone();
    int overlap = 0;
    for (int id : ids) {
      if (id != UNKNOWN && left[id] > 0) {
        left[id]--;
        overlap++;
      }
    }
    return overlap;
  }

  /** Length of the longest common subsequence: n * m steps, min(n, m) numbers kept. */
  static int longestCommonSubsequence(int[] a, int[] b) {
    int[] shorter = a.length < b.length ? a : b;
    int[] longer = a.length < b.length ? b : a;
    int[] row = new int[shorter.length + 1];
    for (int x : longer) {
      int diagonal = 0;
      for (int i = 0; i < shorter.length; i++) {
        int above = row[i + 1];
        row[i + 1] = shorter[i] == x ? diagonal + 1 : Math.max(above, row[i]);
        diagonal = above;
      }
    }
    return row[shorter.length];
  }
}
