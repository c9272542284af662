package io.gistream.summary;

import java.util.List;

/** Finds the sentences in consecutive utterances of one talk. */
public final class SentenceSplitter {
  private SentenceSplitter() {}

  public static List<SpokenSentence> split(List<Utterance> utterances) {
    throw new UnsupportedOperationException();
  }
}
