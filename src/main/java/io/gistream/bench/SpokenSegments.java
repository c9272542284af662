package io.gistream.bench;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.summary.SentenceSplitter;
import io.gistream.summary.SpokenSentence;
import io.gistream.summary.Utterance;
import java.util.ArrayList;
import java.util.List;

/** What is said, cut into segments as a talk is. */
final class SpokenSegments {
  private SpokenSegments() {}

  /** Segments of {@code segment.min-tokens} or a little more, each a list of sentences. */
  static List<List<String>> cut(
      SummaryModel model, SummaryOptions options, List<TranscriptChunk> said) {
    List<List<String>> segments = new ArrayList<>();
    List<String> segment = new ArrayList<>();
    int tokens = 0;
    for (SpokenSentence sentence :
        SentenceSplitter.split(
            said.stream()
                .map(chunk -> new Utterance(chunk.getText(), chunk.getSpeaker()))
                .toList())) {
      segment.add(sentence.text());
      tokens += model.countTokens(sentence.text());
      if (tokens >= options.segmentMinTokens()
          || segment.size() == model.manifest().limits().segmentSentences()) {
        segments.add(segment);
        segment = new ArrayList<>();
        tokens = 0;
      }
    }
    if (!segment.isEmpty()) {
      segments.add(segment);
    }
    return segments;
  }

  /**
   * The first segments of a talk that nobody has heard.
   *
   * @param number of the talk; others say other things
   */
  static List<List<String>> fresh(
      SummaryModel model, SummaryOptions options, Talk talk, int number, int count) {
    for (int chunks = 2 * count; ; chunks *= 2) {
      List<TranscriptChunk> said = new ArrayList<>(chunks);
      for (int i = 0; i < chunks; i++) {
        said.add(talk.freshChunk("segments", number, i, false));
      }
      List<List<String>> segments = cut(model, options, said);
      if (segments.size() > count) { // the last one may be thin
        return segments.subList(0, count);
      }
    }
  }
}
