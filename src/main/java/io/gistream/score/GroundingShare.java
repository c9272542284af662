package io.gistream.score;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * <b>Grounding share</b>: how many sentences of a summary are borne out by what they cite.
 *
 * <pre>
 *   grounding share = supported sentences / sentences
 *   s is supported if  every number of s is a number of its source,
 *                      every name of s occurs in its source, and
 *                      |content words of s that occur in its source| / |content words of s| >= 0.8
 * </pre>
 *
 * <ul>
 *   <li>A number is a run of letters and digits with a digit in it, joined to the next such run by
 *       a {@code .}, {@code ,} or {@code :} between two digits ({@code 3.5}, {@code 10:30}, {@code
 *       q3}); commas are left out, so that 1,250 is 1250.
 *   <li>A name is a word with a capital behind its first letter, or that begins with one elsewhere
 *       than at the beginning of a sentence or after a colon; forms of "I" are none. A possessive
 *       ending is left out. All tokens of a name must occur.
 *   <li>Content words are the tokens without a digit, repeated ones counted each time, that {@link
 *       ContentWords} knows for no function word or filler. No stemming.
 * </ul>
 *
 * All comparisons ignore case, as transcripts often have none, and an underscore, with which some
 * corpora spell words out ("T_V_" is also "TV"). A sentence with nothing to check is supported; a
 * summary without sentences has no share. This check knows nothing of the one that the service
 * itself applies: it measures that one.
 */
final class GroundingShare {
  private static final double LEAST_CONTENT = 0.8;

  private GroundingShare() {}

  /** NaN for no sentences. */
  static double of(List<GroundedSentence> sentences) {
    return sentences.stream()
        .mapToDouble(s -> isSupported(s.text(), s.sourceText()) ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }

  static boolean isSupported(String sentence, String source) {
    Set<String> said = new HashSet<>(Words.tokens(source));
    said.addAll(Words.tokens(source.replace("_", "")));
    if (!Facts.numbers(source).containsAll(Facts.numbers(sentence))
        || !said.containsAll(Facts.nameTokens(sentence))) {
      return false;
    }
    var content = Words.tokens(sentence).stream().filter(GroundingShare::isContent).toList();
    long supported = content.stream().filter(said::contains).count();
    return content.isEmpty() || (double) supported / content.size() >= LEAST_CONTENT;
  }

  private static boolean isContent(String token) {
    return ContentWords.contains(token) && token.codePoints().noneMatch(Character::isDigit);
  }
}
