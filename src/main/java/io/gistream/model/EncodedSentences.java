package io.gistream.model;

import static java.util.stream.Collectors.toMap;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.List;
import java.util.Map;

/**
 * The sentences encoded lately. Those of an open segment are read again at every chunk; a
 * sentence's state depends on its text alone, so the encoder, nearly all of the cost, sees each of
 * them once. Thread-safe, and meant for all tasks together: what they need is as much as the open
 * segments of all talks say, however the talks are spread.
 */
final class EncodedSentences {
  /** Of an entry beside the state and the text, about. */
  private static final int OVERHEAD_BYTES = 200;

  private final LoadingCache<String, EncodedSentence> latest;

  /**
   * @param maxBytes of heap; beyond it sentences that nobody asks for are forgotten
   */
  EncodedSentences(SentenceEncoder encoder, long maxBytes) {
    this.latest =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String text, EncodedSentence sentence) -> bytes(sentence))
            .executor(Runnable::run)
            .build(
                CacheLoader.bulk(
                    unknown ->
                        encoder.encode(List.copyOf(unknown)).stream()
                            .collect(toMap(EncodedSentence::text, sentence -> sentence))));
  }

  private static int bytes(EncodedSentence sentence) {
    return OVERHEAD_BYTES
        + Character.BYTES * sentence.text().length()
        + Float.BYTES * sentence.state().length;
  }

  /** The sentences by their text; those that are not known are encoded together. */
  Map<String, EncodedSentence> of(List<String> sentences) {
    return latest.getAll(sentences);
  }
}
