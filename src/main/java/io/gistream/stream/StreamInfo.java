package io.gistream.stream;

/**
 * One line about a stream.
 *
 * @param id of the stream
 * @param epoch 0 for its first talk
 * @param revision of the latest summary, 0 when there is none
 * @param nextSequence the lowest sequence number not taken in yet
 * @param wordsHeard words of the talk so far
 * @param lastTimestamp of its records, milliseconds since the epoch
 * @param closed whether the final summary was given
 * @param provisional whether the latest summary rests partly on what may still change
 * @param gaps ranges of chunks that never came
 */
public record StreamInfo(
    String id,
    int epoch,
    long revision,
    long nextSequence,
    long wordsHeard,
    long lastTimestamp,
    boolean closed,
    boolean provisional,
    int gaps) {}
