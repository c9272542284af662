package io.gistream.stream;

import io.gistream.avro.RollingSummary;
import java.util.List;
import java.util.Optional;

/**
 * What this instance can be asked while it runs. Answers are of this instance's partitions alone.
 */
public interface LiveStreams {
  /** As Kafka Streams names them. */
  enum State {
    CREATED,
    REBALANCING,
    RUNNING,
    PENDING_SHUTDOWN,
    NOT_RUNNING,
    PENDING_ERROR,
    ERROR
  }

  State state();

  /** Whether all state is restored, so that every answer is complete. */
  boolean restored();

  /** Whether a stream thread died and was not replaced. */
  boolean anyThreadDead();

  /**
   * All streams this instance keeps, in the order of their ids.
   *
   * @throws NotReadyException while partitions are on the move
   */
  List<StreamInfo> streams();

  /**
   * The latest summary of a stream.
   *
   * @throws NotReadyException while partitions are on the move
   */
  Optional<RollingSummary> summary(String streamId);

  /** Nothing can be said at the moment; ask again in a second. */
  final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotReadyException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
