package io.gistream.session;

import io.gistream.model.EncodedSentence;
import io.gistream.model.Memory;
import io.gistream.model.Segment;
import io.gistream.model.SummaryModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs the model over the segments of many sessions at once. What a session gets back does not
 * depend on the others in the batch.
 *
 * <p>Sentences of an open segment are read again at every chunk. A sentence's state depends on its
 * text alone, so the latest ones are remembered and the encoder, nearly all of the cost, sees each
 * of them once. Not thread-safe: one per stream thread.
 */
public final class SegmentReader {
  private static final int REMEMBERED_SENTENCES = 4096;

  private final SummaryModel model;
  private final boolean forgetful;
  private final Map<String, EncodedSentence> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EncodedSentence> eldest) {
          return size() > REMEMBERED_SENTENCES;
        }
      };

  public SegmentReader(SummaryModel model) {
    this(model, false);
  }

  private SegmentReader(SummaryModel model, boolean forgetful) {
    this.model = model;
    this.forgetful = forgetful;
  }

  /**
   * A reader that gives every segment an empty memory: the same weights as the paper's "segmented
   * transformer", to measure what the memory is worth.
   */
  public static SegmentReader forgetful(SummaryModel model) {
    return new SegmentReader(model, true);
  }

  /** Reads each segment; results in the order given. */
  public List<Reading> read(List<Read> reads) {
    Map<String, EncodedSentence> encoded = encode(reads);
    List<Segment> segments = new ArrayList<>(reads.size());
    List<Segment> folded = new ArrayList<>(reads.size());
    for (Read read : reads) {
      Segment segment =
          new Segment(
              read.sentences().stream().map(encoded::get).toList(),
              read.sentencesBefore(),
              read.memory());
      segments.add(segment);
      if (read.fold() && !forgetful) {
        folded.add(segment);
      }
    }
    List<float[]> salience = model.decode(segments);
    List<Memory> memories = model.fold(folded);

    List<Reading> readings = new ArrayList<>(reads.size());
    int nextFolded = 0;
    for (int i = 0; i < reads.size(); i++) {
      Read read = reads.get(i);
      Memory memory = read.fold() && !forgetful ? memories.get(nextFolded++) : read.memory();
      readings.add(new Reading(salience.get(i), memory));
    }
    return readings;
  }

  private Map<String, EncodedSentence> encode(List<Read> reads) {
    Map<String, EncodedSentence> encoded = new LinkedHashMap<>();
    Set<String> unknown = new LinkedHashSet<>();
    for (Read read : reads) {
      for (String sentence : read.sentences()) {
        EncodedSentence known = remembered.get(sentence);
        if (known == null) {
          unknown.add(sentence);
        } else {
          encoded.put(sentence, known);
        }
      }
    }
    for (EncodedSentence sentence : model.encode(List.copyOf(unknown))) {
      encoded.put(sentence.text(), sentence);
      remembered.put(sentence.text(), sentence);
    }
    return encoded;
  }
}
