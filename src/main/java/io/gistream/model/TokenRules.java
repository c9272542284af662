package io.gistream.model;

import io.gistream.model.ModelManifest.Generation;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which tokens may come next; see {@code docs/model-package.md}. */
final class TokenRules {
  private final Generation generation;
  private final BitSet suppressed = new BitSet();

  TokenRules(Generation generation) {
    this.generation = generation;
    generation.suppressed().forEach(suppressed::set);
  }

  /**
   * The only token that may come next; null when there is a choice.
   *
   * @param fed before the first written one, the start token included
   * @param written tokens of this segment
   */
  @Nullable Integer forced(int[] fed, int[] written) {
    return fed.length == 1 && written.length == 0 ? generation.forcedFirst() : null;
  }

  /**
   * Tokens that may not come next.
   *
   * @param fed before the first written one, the start token included
   * @param written tokens of this segment
   */
  BitSet banned(int[] fed, int[] written) {
    BitSet banned = (BitSet) suppressed.clone();
    if (written.length < generation.minTokens()) {
      banned.set(generation.endOfSegment());
    }
    int n = generation.noRepeatNgram();
    int length = fed.length + written.length;
    if (n > 0 && length >= n) {
      int[] seen = Arrays.copyOf(fed, length);
      System.arraycopy(written, 0, seen, fed.length, written.length);
      int last = length - (n - 1);
      for (int i = 0; i + n <= length; i++) {
        if (Arrays.equals(seen, i, i + n - 1, seen, last, length)) {
          banned.set(seen[i + n - 1]);
        }
      }
    }
    return banned;
  }
}
