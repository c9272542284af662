package io.gistream.session;

import io.gistream.model.Reading;
import io.gistream.summary.SentenceSplitter;
import io.gistream.summary.SpokenSentence;
import io.gistream.summary.Utterance;
import java.util.ArrayList;
import java.util.List;

/**
 * A sentence that the model wrote.
 *
 * @param salience mean log-probability of its tokens; that of the whole text when none ends in it
 */
record WrittenSentence(String text, float salience) {
  static List<WrittenSentence> of(Reading.Written written) {
    List<SpokenSentence> sentences =
        SentenceSplitter.split(List.of(new Utterance(written.text(), null)));
    List<WrittenSentence> found = new ArrayList<>(sentences.size());
    int from = 0;
    for (int i = 0; i < sentences.size(); i++) {
      SpokenSentence sentence = sentences.get(i);
      boolean last = i == sentences.size() - 1;
      int to = from;
      while (to < written.tokens().size()
          && (last || written.tokens().get(to).end() <= sentence.endOffset())) {
        to++;
      }
      List<Reading.Token> tokens = written.tokens().subList(from, to);
      found.add(
          new WrittenSentence(sentence.text(), mean(tokens.isEmpty() ? written.tokens() : tokens)));
      from = to;
    }
    return found;
  }

  private static float mean(List<Reading.Token> tokens) {
    double sum = 0;
    for (Reading.Token token : tokens) {
      sum += token.logProbability();
    }
    return (float) (sum / tokens.size());
  }
}
