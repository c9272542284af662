package io.gistream.model;

import java.util.Arrays;

/**
 * What a segment adds: its tokens, the one that ends it not among them.
 *
 * @param logProbabilities of each token, given all before it; 0 for one that was forced
 */
// never compared
@SuppressWarnings("ArrayRecordComponent")
record WrittenTokens(int[] tokens, double[] logProbabilities) {
  static final WrittenTokens NONE = new WrittenTokens(new int[0], new double[0]);

  WrittenTokens and(int token, double logProbability) {
    int length = tokens.length;
    int[] moreTokens = Arrays.copyOf(tokens, length + 1);
    double[] more = Arrays.copyOf(logProbabilities, length + 1);
    moreTokens[length] = token;
    more[length] = logProbability;
    return new WrittenTokens(moreTokens, more);
  }
}
