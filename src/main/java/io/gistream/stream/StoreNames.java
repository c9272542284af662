package io.gistream.stream;

/**
 * Names of the summarizer's state stores, and so of their changelogs.
 *
 * @param sessions {@link io.gistream.avro.SessionState} by stream id
 * @param memories checkpoints, and chunks heard since
 * @param inbox chunks not summarised yet
 */
public record StoreNames(String sessions, String memories, String inbox) {
  /** {@code sessions}, {@code memories}, {@code inbox}. */
  public static StoreNames defaults() {
    return new StoreNames("sessions", "memories", "inbox");
  }

  /** The default names behind a prefix, for a topology with stores of its own. */
  public static StoreNames withPrefix(String prefix) {
    return new StoreNames(prefix + "sessions", prefix + "memories", prefix + "inbox");
  }
}
