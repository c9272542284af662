package io.gistream.stream;

import io.gistream.avro.RollingSummary;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /**
   * One line about a stream; empty when this instance keeps none of it.
   *
   * @throws NotReadyException while partitions are on the move
   */
  Optional<StreamInfo> stream(String streamId);

  /**
   * What the memory of a stream holds. May be ahead of what is committed by one commit.
   *
   * @throws NotReadyException while partitions are on the move
   */
  Optional<MemoryInfo> memory(String streamId);

  /** What reads the streams. */
  ModelInfo model();

  /** Partitions of the chunks topic whose streams this instance has now. */
  Set<Integer> partitions();

  /**
   * {@code host:port} of the other instance that has a stream; empty when it is this one, when the
   * other one cannot be asked, or when nobody knows at the moment. Chunks must have been put on
   * their topic by Kafka's own partitioner.
   */
  Optional<String> elsewhere(String streamId);

  /** {@code host:port} of all other instances that can be asked. */
  Set<String> others();

  /** Nothing can be said at the moment; ask again in a second. */
  final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotReadyException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
