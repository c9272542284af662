package io.gistream.summary;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function of a text whose latest values are remembered: the sentences of a talk are looked at
 * again at every chunk. Thread-safe.
 *
 * @param <V> must not change
 */
public final class Remembered<V> {
  private final Function<String, V> function;
  private final Map<String, V> latest;

  /**
   * @param function whose value depends on the text alone
   * @param most texts remembered; the one that nobody has asked for longest is forgotten
   */
  public Remembered(Function<String, V> function, int most) {
    this.function = function;
    this.latest =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > most;
          }
        };
  }

  public V of(String text) {
    @Nullable V known = get(text);
    if (known == null) {
      known = function.apply(text); // not under the lock: others need not wait for it
      put(text, known);
    }
    return known;
  }

  private synchronized @Nullable V get(String text) {
    return latest.get(text);
  }

  private synchronized void put(String text, V value) {
    latest.put(text, value);
  }
}
