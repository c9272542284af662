package io.gistream.summary;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads one sentence from a position in the utterances; see {@link SentenceSplitter}. */
final class SentenceScan {
  /** A place where the sentence may be cut: how much of it is read there, and where that is. */
  private record Cut(int length, int utterance, int offset) {}

  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private final List<Utterance> utterances;

  /** Offset behind the last character of each utterance that is not white space. */
  private final int[] ends;

  private final int firstUtterance;
  private final int firstOffset;

  private final StringBuilder text = new StringBuilder();
  private int words;
  private boolean hasWord;

  /** Behind a full stop that needs no white space, and what closes it. */
  private boolean stopped;

  private @Nullable Cut atClause;
  private @Nullable Cut atUtterance;
  private @Nullable Cut atWord;
  private @Nullable Cut atCharacter;

  SentenceScan(List<Utterance> utterances, int[] ends, int firstUtterance, int firstOffset) {
    this.utterances = utterances;
    this.ends = ends;
    this.firstUtterance = firstUtterance;
    this.firstOffset = firstOffset;
  }

  SpokenSentence read() {
    String speaker = utterances.get(firstUtterance).speaker();
    Cut last = new Cut(0, firstUtterance, firstOffset);
    for (int u = firstUtterance; u < ends.length; u++) {
      int offset = u == firstUtterance ? firstOffset : 0;
      offset = SentenceSplitter.skipSpace(utterances.get(u).text(), offset);
      if (offset >= ends[u]) {
        continue;
      }
      if (!Objects.equals(speaker, utterances.get(u).speaker())) {
        return sentence(last, true);
      }
      SpokenSentence sentence = readUtterance(u, offset);
      if (sentence != null) {
        return sentence;
      }
      last = new Cut(text.length(), u, ends[u]);
      if (words >= SentenceSplitter.UTTERANCE_WORDS
          || text.length() >= SentenceSplitter.UTTERANCE_CHARS) {
        atUtterance = last;
      }
    }
    return sentence(last, false);
  }

  /** Reads to the end of the sentence or, returning null, to the end of the utterance. */
  private @Nullable SpokenSentence readUtterance(int utterance, int from) {
    String said = utterances.get(utterance).text();
    boolean inWord = false;
    int before = ' ';
    for (int i = from; i < ends[utterance]; ) {
      int codePoint = said.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (Words.isSpace(codePoint)) {
        inWord = false;
        stopped = false;
        before = codePoint;
        i = next;
        continue;
      }
      if (!inWord) {
        if (words == SentenceSplitter.MAX_WORDS) {
          return sentence(bestCut(), true);
        }
        beginWord();
        inWord = true;
      } else if (isBoundary(before, codePoint)) {
        atCharacter = new Cut(text.length(), utterance, i);
      }
      Cut tooLong = cutBefore(codePoint, utterance, i);
      if (tooLong != null) {
        return sentence(tooLong, true);
      }
      text.appendCodePoint(codePoint);
      hasWord |= Character.isLetterOrDigit(codePoint);
      if (endsSentence(said, utterance, codePoint, next)) {
        return sentence(new Cut(text.length(), utterance, next), true);
      }
      noteCuts(said, utterance, codePoint, next);
      before = codePoint;
      i = next;
    }
    return null;
  }

  private void beginWord() {
    if (text.length() > 0) {
      text.append(' ');
    }
    words++;
  }

  /** Where to cut when the sentence has no room for one more code point; null when it has. */
  private @Nullable Cut cutBefore(int codePoint, int utterance, int offset) {
    int length = text.length() + Character.charCount(codePoint);
    if (length <= SentenceSplitter.MAX_CHARS) {
      return null;
    }
    if (atWord != null || atCharacter != null) {
      return bestCut();
    }
    // one character with hundreds of marks on it: wait for its end, but not for ever
    return length <= SentenceSplitter.LONGEST ? null : new Cut(text.length(), utterance, offset);
  }

  private Cut bestCut() {
    if (atClause != null) {
      return atClause;
    }
    if (atUtterance != null) {
      return atUtterance;
    }
    return atWord != null ? atWord : Objects.requireNonNull(atCharacter);
  }

  private void noteCuts(String said, int utterance, int codePoint, int next) {
    boolean late =
        words >= SentenceSplitter.CLAUSE_WORDS || text.length() >= SentenceSplitter.CLAUSE_CHARS;
    if (next >= ends[utterance] || Words.isSpace(said.codePointAt(next))) {
      atWord = new Cut(text.length(), utterance, next);
      if (late && Punctuation.isClauseEnd(codePoint)) {
        atClause = atWord;
      }
    } else if (late && Punctuation.isWideClauseEnd(codePoint)) {
      atClause = new Cut(text.length(), utterance, next);
    }
  }

  private boolean endsSentence(String said, int utterance, int codePoint, int next) {
    if (Punctuation.isWideStop(codePoint)) {
      stopped = true;
    } else if (!Punctuation.isTerminal(codePoint) && !Punctuation.isWideCloser(codePoint)) {
      stopped = false;
    }
    if (!hasWord) {
      return false;
    }
    int following = next < ends[utterance] ? said.codePointAt(next) : ' ';
    if (stopped) {
      return !Punctuation.isWideStop(following)
          && !Punctuation.isTerminal(following)
          && !Punctuation.isWideCloser(following);
    }
    return Words.isSpace(following) && endsWithTerminal(said, utterance, next);
  }

  private boolean endsWithTerminal(String said, int utterance, int offset) {
    int end = text.length();
    while (end > 0 && Punctuation.isCloser(text.charAt(end - 1))) {
      end--;
    }
    int begin = end;
    while (begin > 0 && Punctuation.isTerminal(text.charAt(begin - 1))) {
      begin--;
    }
    if (begin == end) {
      return false;
    }
    if (end - begin > 1 || text.charAt(begin) != '.') {
      return true;
    }
    int wordEnd = begin;
    if (begin > 0 && text.charAt(begin - 1) == ' ') {
      // "Mr ." as tokenisers write it
      wordEnd--;
    }
    int wordBegin = wordEnd;
    while (wordBegin > 0 && text.charAt(wordBegin - 1) != ' ') {
      wordBegin--;
    }
    boolean opens = wordBegin == 0;
    while (wordBegin < wordEnd && Punctuation.isOpener(text.charAt(wordBegin))) {
      wordBegin++;
    }
    String word = text.substring(wordBegin, wordEnd);
    int at = SentenceSplitter.skipSpace(said, offset);
    String following = at >= ends[utterance] ? "" : wordAt(said, at);
    return !Abbreviations.keepsStop(word, opens, following);
  }

  /** The letters, digits and apostrophes at an offset, at most a few; at least one character. */
  private static String wordAt(String said, int offset) {
    int end = offset + 1;
    while (end < said.length()
        && end < offset + 12
        && (Character.isLetterOrDigit(said.charAt(end)) || said.charAt(end) == '\'')) {
      end++;
    }
    return said.substring(offset, end);
  }

  /** Whether a reader sees two characters here, by the few rules of Unicode's that matter. */
  private static boolean isBoundary(int before, int codePoint) {
    boolean continues =
        Words.isMark(codePoint)
            || codePoint == ZERO_WIDTH_JOINER
            || before == ZERO_WIDTH_JOINER
            || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF)
            || (isRegional(before) && isRegional(codePoint));
    return !continues;
  }

  private static boolean isRegional(int codePoint) {
    return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
  }

  private SpokenSentence sentence(Cut cut, boolean complete) {
    String said = utterances.get(cut.utterance()).text();
    return new SpokenSentence(
        text.substring(0, cut.length()),
        firstUtterance,
        cut.utterance(),
        SentenceSplitter.skipSpace(said, cut.offset()),
        complete);
  }
}
