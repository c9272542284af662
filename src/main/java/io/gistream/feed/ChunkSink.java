package io.gistream.feed;

import io.gistream.avro.TranscriptChunk;
import io.gistream.stream.LiveStreams.NotReadyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where chunks go. */
public interface ChunkSink {
  /**
   * A chunk and when it was said.
   *
   * @param timestamp milliseconds since the epoch; null for now
   */
  record TimedChunk(TranscriptChunk chunk, @Nullable Long timestamp) {}

  /** Where a chunk is now. */
  record Placed(long sequence, int partition, long offset) {}

  /** A chunk that is larger than one may be. */
  final class TooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(String message) {
      super(message);
    }
  }

  /**
   * Throws {@link IllegalArgumentException} when it could not be summarised, and says why; {@link
   * TooLargeException} when that is its size.
   */
  void check(TranscriptChunk chunk);

  /**
   * Puts chunks of one stream on the topic, in this order. Returns once all of them are on it for
   * good.
   *
   * @param chunks at least one
   * @throws IllegalArgumentException as {@link #check}; none is put then
   * @throws NotReadyException when Kafka does not take them; some may be on the topic then
   */
  List<Placed> put(List<TimedChunk> chunks);

  /**
   * Asks for a stream to be erased. Returns once the request is on the chunks topic for good; it is
   * carried out when its turn comes, by the instance that has the stream.
   *
   * @throws IllegalArgumentException when no stream can have this id
   * @throws NotReadyException when Kafka does not take the request
   */
  void erase(String streamId);
}
