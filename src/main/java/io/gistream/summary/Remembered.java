package io.gistream.summary;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A function of a text whose latest values are remembered: the sentences of a talk are looked at
 * again at every chunk. Thread-safe.
 *
 * @param <V> must not change
 */
public final class Remembered<V> {
  /** Of an entry beside the text and the value, about. */
  private static final int OVERHEAD_BYTES = 180;

  private final LoadingCache<String, V> latest;

  /**
   * @param function whose value depends on the text alone
   * @param bytes of a value
   * @param maxBytes of heap; beyond it texts that nobody asks for are forgotten
   */
  public Remembered(Function<String, V> function, ToIntFunction<V> bytes, long maxBytes) {
    this.latest =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String text, V value) -> bytes(text) + bytes.applyAsInt(value))
            .executor(Runnable::run)
            .build(function::apply);
  }

  private static int bytes(String text) {
    return OVERHEAD_BYTES + Character.BYTES * text.length();
  }

  public V of(String text) {
    return latest.get(text);
  }
}
