package io.gistream.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scores the sentences of segments. Those of a segment that nobody looks at before it is over are
 * encoded as they are said.
 */
final class ScoringReader implements SegmentReader {
  private final EncodedSentences sentences;
  private final Recurrence recurrence;

  ScoringReader(EncodedSentences sentences, Recurrence recurrence) {
    this.sentences = sentences;
    this.recurrence = recurrence;
  }

  @Override
  public List<Reading> read(List<Read> reads) {
    Map<String, EncodedSentence> encoded =
        sentences.of(reads.stream().flatMap(read -> read.sentences().stream()).toList());
    List<Segment> segments = new ArrayList<>(reads.size());
    List<Segment> folded = new ArrayList<>(reads.size());
    for (Read read : reads) {
      Segment segment =
          new Segment(
              read.sentences().stream().map(encoded::get).toList(),
              read.sentencesBefore(),
              read.memory());
      segments.add(segment);
      if (read.fold()) {
        folded.add(segment);
      }
    }
    List<float[]> salience = recurrence.decode(segments);
    List<Memory> memories = recurrence.fold(folded);
    reads.stream().filter(Read::last).map(Read::sentences).forEach(sentences::letGo);

    List<Reading> readings = new ArrayList<>(reads.size());
    int nextFolded = 0;
    for (int i = 0; i < reads.size(); i++) {
      Read read = reads.get(i);
      Memory memory = read.fold() ? memories.get(nextFolded++) : read.memory();
      readings.add(new Reading.Scored(salience.get(i), memory));
    }
    return readings;
  }

  @Override
  public void anticipate(List<String> sentences) {
    this.sentences.of(sentences);
  }
}
