package io.gistream.score;

/** How many words a summary may have. The same for every method that is compared. */
public sealed interface Budget {

  /** Words that a summary of this document may have, at least 1. */
  int wordsFor(Document document);

  /** The length of the document's own reference. */
  static Budget referenceLength() {
    return new ReferenceLength();
  }

  /** The same number of words for each document. */
  static Budget words(int words) {
    return new WordCount(words);
  }

  /** The length of the document's own reference. */
  record ReferenceLength() implements Budget {
    @Override
    public int wordsFor(Document document) {
      return Words.count(document.summary());
    }

    @Override
    public String toString() {
      return "reference";
    }
  }

  /** The same number of words for each document. */
  record WordCount(int words) implements Budget {
    public WordCount {
      if (words < 1) {
        throw new IllegalArgumentException("A budget is at least 1 word, not " + words);
      }
    }

    @Override
    public int wordsFor(Document document) {
      return words;
    }

    @Override
    public String toString() {
      return words + " words";
    }
  }
}
