package io.gistream.score;

import java.util.ArrayList;
import java.util.List;

/** Invented runs for tests. */
final class Revisions {
  private Revisions() {}

  /** A confirmed revision whose sentences are given as {@code "id text"}. */
  static Revision revision(long wordsHeard, String... sentences) {
    return revision(wordsHeard, false, sentences);
  }

  static Revision provisional(long wordsHeard, String... sentences) {
    return revision(wordsHeard, true, sentences);
  }

  private static Revision revision(long wordsHeard, boolean provisional, String... sentences) {
    var shown = new ArrayList<Revision.Sentence>();
    for (var sentence : sentences) {
      int space = sentence.indexOf(' ');
      long id = Long.parseLong(sentence.substring(0, space));
      shown.add(new Revision.Sentence(id, sentence.substring(space + 1)));
    }
    return new Revision(wordsHeard, shown, provisional);
  }

  static SummaryRun run(List<Revision> revisions, GroundedSentence... sentences) {
    return new SummaryRun(revisions, "", List.of(sentences), 0);
  }
}
