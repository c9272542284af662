package io.gistream.score;

import java.util.List;

/** Gives sentences a direction, so that their cosine says how alike they are. */
@FunctionalInterface
public interface SentenceVectors {

  /** A unit vector for each sentence, all of one length, in the order given. */
  List<float[]> encode(List<String> sentences);
}
