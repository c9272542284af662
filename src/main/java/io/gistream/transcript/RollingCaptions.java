package io.gistream.transcript;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Removes from captions what the caption before already said.
 *
 * <p>Live captions roll: each repeats the end of the one before and adds to it (YouTube's automatic
 * ones repeat a whole line, others grow word by word). A speaker may repeat himself too, so words
 * are removed only from files in which most captions overlap.
 */
final class RollingCaptions {
  /** Words of the caption before that a caption may repeat. */
  private static final int LONGEST_OVERLAP = 80;

  private RollingCaptions() {}

  static List<Cues.Cue> withoutRepeats(List<Cues.Cue> cues) {
    if (!areRolling(cues)) {
      return cues;
    }
    List<Cues.Cue> fresh = new ArrayList<>(cues.size());
    String[] before = {};
    for (Cues.Cue cue : cues) {
      String[] words = words(cue);
      int repeated = overlap(before, words);
      if (repeated < words.length) {
        fresh.add(
            repeated == 0
                ? cue
                : new Cues.Cue(
                    cue.startMillis(),
                    cue.endMillis(),
                    List.of(String.join(" ", Arrays.copyOfRange(words, repeated, words.length)))));
      }
      before = words.length == 0 ? before : words;
    }
    return fresh;
  }

  /** Whether a third of the captions begin with two or more words that end the one before. */
  private static boolean areRolling(List<Cues.Cue> cues) {
    int overlapping = 0;
    String[] before = {};
    for (Cues.Cue cue : cues) {
      String[] words = words(cue);
      int repeated = overlap(before, words);
      overlapping +=
          repeated >= 2 || (repeated == 1 && words.length > 1 && before.length == 1) ? 1 : 0;
      before = words;
    }
    return overlapping >= 2 && overlapping * 3 >= cues.size();
  }

  private static String[] words(Cues.Cue cue) {
    String text = CaptionText.plain(String.join(" ", cue.lines()));
    return text.isEmpty() ? new String[0] : text.split(" ");
  }

  /** The most words that end one caption and begin the next. */
  private static int overlap(String[] before, String[] words) {
    int most = Math.min(LONGEST_OVERLAP, Math.min(before.length, words.length));
    for (int length = most; length > 0; length--) {
      if (Arrays.equals(before, before.length - length, before.length, words, 0, length)) {
        return length;
      }
    }
    return 0;
  }
}
