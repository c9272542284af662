package io.gistream.model;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sentences encoded lately. Those of an open segment are read again at every chunk; a
 * sentence's state depends on its text alone, so the encoder, nearly all of the cost, sees each of
 * them once. Thread-safe, for all tasks of a process together: what they need is as much as the
 * open segments of all its talks say, however the talks are spread.
 */
final class EncodedSentences {
  /** Of an entry beside the state and the text, about. */
  private static final int OVERHEAD_BYTES = 160;

  private final SentenceEncoder encoder;
  private final long maxBytes;
  private final Map<String, EncodedSentence> leastRecentFirst =
      new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param maxBytes of heap; beyond it the sentence that nobody has asked for longest is forgotten
   */
  EncodedSentences(SentenceEncoder encoder, long maxBytes) {
    this.encoder = encoder;
    this.maxBytes = maxBytes;
  }

  /** The sentences by their text; those that are not known are encoded together. */
  Map<String, EncodedSentence> of(List<String> sentences) {
    Map<String, EncodedSentence> encoded = new LinkedHashMap<>();
    Set<String> unknown = new LinkedHashSet<>();
    synchronized (this) {
      for (String sentence : sentences) {
        EncodedSentence known = leastRecentFirst.get(sentence);
        if (known == null) {
          unknown.add(sentence);
        } else {
          encoded.put(sentence, known);
        }
      }
    }
    List<EncodedSentence> added = encoder.encode(List.copyOf(unknown));
    added.forEach(sentence -> encoded.put(sentence.text(), sentence));
    synchronized (this) {
      added.forEach(this::remember);
    }
    return encoded;
  }

  private void remember(EncodedSentence sentence) {
    @Nullable EncodedSentence before = leastRecentFirst.put(sentence.text(), sentence);
    bytes += bytes(sentence) - (before == null ? 0 : bytes(before));
    Iterator<EncodedSentence> oldest = leastRecentFirst.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= bytes(oldest.next());
      oldest.remove();
    }
  }

  private static long bytes(EncodedSentence sentence) {
    return OVERHEAD_BYTES + sentence.text().length() + (long) Float.BYTES * sentence.state().length;
  }
}
