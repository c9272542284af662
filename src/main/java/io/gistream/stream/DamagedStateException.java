package io.gistream.stream;

import io.gistream.serde.UndecodableException;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;

/**
 * A record in a store of ours is not what was written there; the message names the store and the
 * stream. No chunk is to blame, and nothing is said about a stream whose state cannot be trusted,
 * so the instance stops.
 */
public final class DamagedStateException extends ProcessorStateException {
  private static final long serialVersionUID = 1L;

  DamagedStateException(String store, String streamId, String why, Throwable cause) {
    super(
        ("the store '%s' has a damaged record of stream '%s': %s; start with an empty state"
                + " directory (state.dir), so that it is restored from the changelog, and if it is"
                + " damaged there too, over under another application.id")
            .formatted(store, streamId, why),
        cause);
  }

  DamagedStateException(String store, String streamId, String why) {
    this(store, streamId, why, new IllegalStateException(why));
  }

  /** What is read from a store, if it is of the kind that was written there. */
  static <T extends @Nullable Object> T reading(String store, String streamId, Supplier<T> stored) {
    try {
      return stored.get();
    } catch (UndecodableException | IllegalArgumentException e) {
      throw new DamagedStateException(store, streamId, String.valueOf(e.getMessage()), e);
    }
  }
}
