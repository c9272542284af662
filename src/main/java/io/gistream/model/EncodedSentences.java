package io.gistream.model;

import static java.util.stream.Collectors.toMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The sentences encoded lately. Those of an open segment are read again at every chunk; a
 * sentence's state depends on its text alone, so the encoder, nearly all of the cost, sees each of
 * them once. Thread-safe, and meant for all tasks together: what they need is as much as the open
 * segments of all talks say, however the talks are spread.
 */
final class EncodedSentences {
  /** Of an entry beside the state and the text, about. */
  private static final int OVERHEAD_BYTES = 200;

  /** Of the sentences of five sets of meetings that were said before, 97 % are no longer. */
  private static final int SAID_AGAIN_CHARACTERS = 20;

  private final SentenceEncoder encoder;
  private final Cache<String, EncodedSentence> latest;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder folded = new LongAdder();

  /**
   * @param maxBytes of heap; beyond it sentences that nobody asks for are forgotten
   */
  EncodedSentences(SentenceEncoder encoder, long maxBytes) {
    this.encoder = encoder;
    this.latest =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String text, EncodedSentence sentence) -> bytes(sentence))
            .executor(Runnable::run)
            .build();
  }

  private static int bytes(EncodedSentence sentence) {
    return OVERHEAD_BYTES
        + Character.BYTES * sentence.text().length()
        + Float.BYTES * sentence.state().length;
  }

  /** The sentences by their text; those that are not known are encoded together. */
  Map<String, EncodedSentence> of(List<String> sentences) {
    Encoding encoding = new Encoding();
    Map<String, EncodedSentence> found = latest.getAll(sentences, encoding);
    misses.add(encoding.sentences);
    hits.add(sentences.size() - encoding.sentences); // only now: neither number ever falls
    return found;
  }

  /** Encodes what is not known of one call, and counts it. */
  private final class Encoding
      implements Function<Set<? extends String>, Map<String, EncodedSentence>> {
    private int sentences;

    @Override
    public Map<String, EncodedSentence> apply(Set<? extends String> unknown) {
      sentences += unknown.size();
      return encoder.encode(List.copyOf(unknown)).stream()
          .collect(toMap(EncodedSentence::text, sentence -> sentence));
    }
  }

  /**
   * Lets go of the sentences of a segment that is over. Each was asked for at every chunk and will
   * hardly be again, but by how often it was the cache would take it for worth more than what has
   * just been said. What is said again and again is short, and stays; a correction of one of the
   * last segments has theirs encoded again.
   */
  void letGo(List<String> sentences) {
    folded.add(sentences.size());
    latest.invalidateAll(
        sentences.stream().filter(text -> text.length() > SAID_AGAIN_CHARACTERS).toList());
  }

  SentenceUse use() {
    return new SentenceUse(
        hits.sum(),
        misses.sum(),
        folded.sum(),
        latest.policy().eviction().orElseThrow().weightedSize().orElse(0));
  }
}
