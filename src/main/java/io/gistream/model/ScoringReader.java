package io.gistream.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Scores the sentences of segments.
 *
 * <p>Sentences of an open segment are read again at every chunk. A sentence's state depends on its
 * text alone, so the latest ones are remembered and the encoder, nearly all of the cost, sees each
 * of them once; those of a segment that nobody looks at before it is over, as they are said.
 */
final class ScoringReader implements SegmentReader {
  private static final int REMEMBERED_SENTENCES = 4096;

  private final SentenceEncoder encoder;
  private final Recurrence recurrence;
  private final Map<String, EncodedSentence> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EncodedSentence> eldest) {
          return size() > REMEMBERED_SENTENCES;
        }
      };

  ScoringReader(SentenceEncoder encoder, Recurrence recurrence) {
    this.encoder = encoder;
    this.recurrence = recurrence;
  }

  @Override
  public List<Reading> read(List<Read> reads) {
    List<String> sentences = reads.stream().flatMap(read -> read.sentences().stream()).toList();
    Map<String, EncodedSentence> encoded = encode(sentences);
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
    encode(sentences);
  }

  private Map<String, EncodedSentence> encode(List<String> sentences) {
    Map<String, EncodedSentence> encoded = new LinkedHashMap<>();
    Set<String> unknown = new LinkedHashSet<>();
    for (String sentence : sentences) {
      EncodedSentence known = remembered.get(sentence);
      if (known == null) {
        unknown.add(sentence);
      } else {
        encoded.put(sentence, known);
      }
    }
    for (EncodedSentence sentence : encoder.encode(List.copyOf(unknown))) {
      encoded.put(sentence.text(), sentence);
      remembered.put(sentence.text(), sentence);
    }
    return encoded;
  }
}
