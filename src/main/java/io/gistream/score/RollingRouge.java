package io.gistream.score;

import java.util.List;

/**
 * <b>R1-AUC</b>: how early the rolling summary is how good. The area under ROUGE-1 F1 of the
 * rolling summary, against the whole reference, over the fraction of the transcript that was heard:
 *
 * <pre>
 *   R1-AUC = sum_k R1(summary_k) * (x_(k+1) - x_k),   x_k = words heard at revision k / all words,
 *                                                     x_(K+1) = 1
 * </pre>
 *
 * A step function, because between two revisions a reader sees the earlier one; before the first
 * there is nothing to see, and the score is 0. From 0 to 1; a summary that was perfect from the
 * first word on would have 1. As every summary a reader sees counts, so do provisional ones. Each
 * is cut to the budget.
 */
final class RollingRouge {
  private RollingRouge() {}

  static double areaUnderRouge1(
      List<Revision> revisions, Rouge reference, long allWords, int budgetWords) {
    double area = 0;
    for (int k = 0; k < revisions.size(); k++) {
      double until = k + 1 < revisions.size() ? fraction(revisions.get(k + 1), allWords) : 1;
      double width = until - fraction(revisions.get(k), allWords);
      if (width > 0) {
        String text = Words.cut(revisions.get(k).text(), budgetWords);
        area += reference.rouge1(text).f1() * width;
      }
    }
    return area;
  }

  private static double fraction(Revision revision, long allWords) {
    return Math.min(1, (double) revision.wordsHeard() / allWords);
  }
}
