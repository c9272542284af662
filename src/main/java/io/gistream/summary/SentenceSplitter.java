package io.gistream.summary;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the sentences in consecutive utterances of one talk.
 *
 * <ul>
 *   <li>Consecutive utterances of one speaker are read as one text, a space between them.
 *   <li>A sentence ends at {@code . ! ? …} and what closes it (quotes, brackets), before white
 *       space or at the end of its utterance; not behind an abbreviation, an initial or a list
 *       number. The stops of Chinese and Japanese need no white space. Marks without a word belong
 *       to the sentence behind them.
 *   <li>A change of the speaker ends a sentence.
 *   <li>A sentence of more than {@value #MAX_WORDS} words or {@value #MAX_CHARS} characters is cut:
 *       at its last comma, semicolon or dash behind word {@value #CLAUSE_WORDS}, else at the last
 *       end of an utterance behind word {@value #UTTERANCE_WORDS}, else behind the last word that
 *       fits; a word that does not fit alone is cut between characters as a reader sees them.
 * </ul>
 *
 * <p>Every character that is not white space is in exactly one sentence. Where a sentence ends
 * depends on the sentence itself and on the rest of the utterance it ends in, on nothing before and
 * nothing after. So a caller may drop what {@link SpokenSentence#endOffset} says was consumed and
 * go on with the rest later: the sentences are the same.
 */
public final class SentenceSplitter {
  public static final int MAX_WORDS = 40;
  static final int MAX_CHARS = 400;

  /** Most characters of a sentence whose last one carries hundreds of marks. */
  public static final int LONGEST = 2 * MAX_CHARS;

  static final int CLAUSE_WORDS = 20;
  static final int CLAUSE_CHARS = 200;
  static final int UTTERANCE_WORDS = 15;
  static final int UTTERANCE_CHARS = 150;

  private SentenceSplitter() {}

  /** The sentences, in the order said; only the last may be incomplete. Linear in the text. */
  public static List<SpokenSentence> split(List<Utterance> utterances) {
    int[] ends = new int[utterances.size()];
    for (int u = 0; u < ends.length; u++) {
      ends[u] = endOfText(utterances.get(u).text());
    }
    List<SpokenSentence> sentences = new ArrayList<>();
    int utterance = 0;
    int offset = 0;
    while (utterance < ends.length) {
      offset = skipSpace(utterances.get(utterance).text(), offset);
      if (offset >= ends[utterance]) {
        utterance++;
        offset = 0;
        continue;
      }
      SpokenSentence sentence = new SentenceScan(utterances, ends, utterance, offset).read();
      sentences.add(sentence);
      utterance = sentence.lastUtterance();
      offset = sentence.endOffset();
    }
    return sentences;
  }

  static int skipSpace(String text, int offset) {
    int at = offset;
    while (at < text.length() && Words.isSpace(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }

  private static int endOfText(String text) {
    int end = text.length();
    while (end > 0 && Words.isSpace(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return end;
  }
}
